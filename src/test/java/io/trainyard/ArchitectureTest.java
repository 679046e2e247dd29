package io.trainyard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/** The map of the house holds: modules use only what they may, and one of them alone knows Deeplearning4j. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.trainyard");

    @Test
    void modulesUseOnlyWhatTheyMay() {
        ApplicationModules modules =
                ApplicationModules.of(TrainyardApplication.class).verify();
        new Documenter(modules).writeDocumentation();
    }

    @Test
    void onlyTheEngineKnowsDeeplearning4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.trainyard.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void nobodyDeserialisesJavaObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.deeplearning4j.util.ModelSerializer")
                .check(CLASSES);
    }
}
