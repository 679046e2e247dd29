package io.trainyard;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;
import org.springframework.web.multipart.MultipartFile;

/** The map of the house holds: modules use only what they may, one of them alone knows Deeplearning4j, and doors stay shut. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.trainyard");
    private static final JavaClasses BREAKS_ALL = new ClassFileImporter().importClasses(RuleBreaker.class);

    private static final ArchRule ONLY_THE_ENGINE_KNOWS_DEEPLEARNING4J = noClasses()
            .that()
            .resideOutsideOfPackage("io.trainyard.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.bytedeco..");

    private static final ArchRule NOBODY_DESERIALISES_OBJECTS = noClasses()
            .should()
            .dependOnClassesThat(named(
                    "java.io.ObjectInputStream",
                    "java.io.ObjectOutputStream",
                    "java.beans.XMLDecoder",
                    "java.rmi.MarshalledObject",
                    "org.apache.commons.lang3.SerializationUtils",
                    "org.springframework.util.SerializationUtils",
                    "org.nd4j.common.util.SerializationUtils"));

    /** They deserialise objects, or make one of a class that a file names. */
    private static final ArchRule NOBODY_READS_MODELS_AS_DEEPLEARNING4J_DOES = noClasses()
            .should()
            .dependOnClassesThat(named(
                    "org.deeplearning4j.util.ModelSerializer",
                    "org.deeplearning4j.core.util.ModelGuesser",
                    "org.deeplearning4j.util.ModelGuesser",
                    "org.nd4j.linalg.dataset.DataSet",
                    "org.nd4j.linalg.dataset.MultiDataSet"))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.nd4j.linalg.dataset.api.preprocessor.serializer..", "org.deeplearning4j.nn.modelimport..");

    /** ND4J believes every size in a file. Ours are known by their SHA-256. */
    private static final ArchRule ARRAYS_ARE_READ_FROM_OUR_OWN_FILES = noClasses()
            .that(areNot("io.trainyard.engine.Checkpoint", "io.trainyard.engine.ModelArchive"))
            .should()
            .callMethodWhere(describe(
                    "reads an array from a file",
                    call -> call.getTargetOwner().getName().equals("org.nd4j.linalg.factory.Nd4j")
                            && Stream.of("read", "load", "createFromNpy", "createNpy", "createFromNpz")
                                    .anyMatch(call.getName()::startsWith)));

    /** They fetch what they like from where they like, and unpack archives by the names of their entries. */
    private static final ArchRule NOBODY_DOWNLOADS_AS_DEEPLEARNING4J_DOES = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.deeplearning4j.zoo..",
                    "org.deeplearning4j.datasets..",
                    "org.deeplearning4j.base..",
                    "org.deeplearning4j.common.resources..",
                    "org.eclipse.deeplearning4j..",
                    "org.nd4j.common.resources..")
            .orShould()
            .dependOnClassesThat(named("org.nd4j.common.util.ArchiveUtils"));

    /** One fetches the pinned files of the catalogue, one is a client of this service. */
    private static final ArchRule ONLY_MIRRORS_ARE_FETCHED = noClasses()
            .that(areNot("io.trainyard.dataset.Mirror", "io.trainyard.quickstart.HttpApi"))
            .should()
            .dependOnClassesThat(named(
                    "java.net.http.HttpClient",
                    "java.net.URLConnection",
                    "java.net.HttpURLConnection",
                    "java.net.Socket",
                    "java.nio.channels.SocketChannel",
                    "org.springframework.core.io.UrlResource",
                    "org.springframework.web.client.RestClient",
                    "org.springframework.web.client.RestTemplate"))
            .orShould()
            .callMethodWhere(describe(
                    "opens a URL",
                    call -> call.getTargetOwner().getName().equals("java.net.URL")
                            && (call.getName().startsWith("open")
                                    || call.getName().equals("getContent"))));

    private static final ArchRule FEW_START_PROCESSES = noClasses()
            .that(areNot(
                    "io.trainyard.platform.WorkerCommand",
                    "io.trainyard.platform.OrphanedPostmaster",
                    "io.trainyard.device.NvidiaSmi",
                    "io.trainyard.modelimport.ReadingProcess"))
            .should()
            .dependOnClassesThat(named("java.lang.ProcessBuilder"))
            .orShould()
            .callMethodWhere(describe(
                    "starts a process",
                    call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                            && call.getName().equals("exec")));

    private static final ArchRule NO_PATH_IS_BUILT_FROM_A_NAME_OF_STRANGERS = noClasses()
            .that(describe("answer requests, or read names of strangers", ArchitectureTest::knowsNamesOfStrangers))
            .should()
            .callCodeUnitWhere(describe("makes a path of a text", ArchitectureTest::makesPath));

    static final List<ArchRule> RULES = List.of(
            ONLY_THE_ENGINE_KNOWS_DEEPLEARNING4J,
            NOBODY_DESERIALISES_OBJECTS,
            NOBODY_READS_MODELS_AS_DEEPLEARNING4J_DOES,
            ARRAYS_ARE_READ_FROM_OUR_OWN_FILES,
            NOBODY_DOWNLOADS_AS_DEEPLEARNING4J_DOES,
            ONLY_MIRRORS_ARE_FETCHED,
            FEW_START_PROCESSES,
            NO_PATH_IS_BUILT_FROM_A_NAME_OF_STRANGERS);

    @Test
    void modulesUseOnlyWhatTheyMay() {
        ApplicationModules modules =
                ApplicationModules.of(TrainyardApplication.class).verify();
        new Documenter(modules).writeDocumentation();
    }

    @ParameterizedTest
    @FieldSource("RULES")
    void ruleHolds(ArchRule rule) {
        rule.check(CLASSES);
    }

    @ParameterizedTest
    @FieldSource("RULES")
    void ruleFindsWhatBreaksIt(ArchRule rule) {
        assertThat(rule.evaluate(BREAKS_ALL).hasViolation()).isTrue();
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> all = Set.of(names);
        return describe("are among " + all, type -> all.contains(type.getName()));
    }

    /** With what is nested in them. */
    private static DescribedPredicate<JavaClass> areNot(String... names) {
        return not(describe("are among " + List.of(names), type -> Stream.of(names)
                .anyMatch(name -> type.getName().equals(name) || type.getName().startsWith(name + "$"))));
    }

    private static boolean knowsNamesOfStrangers(JavaClass type) {
        return type.getSimpleName().endsWith("Controller")
                || type.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> isOn(call, ZipEntry.class, "getName")
                                || isOn(call, MultipartFile.class, "getOriginalFilename"));
    }

    private static boolean makesPath(JavaCall<?> call) {
        return isOn(call, Path.class, "of", "resolve", "resolveSibling")
                || isOn(call, Paths.class, "get")
                || isOn(call, File.class, "<init>")
                || (isOn(call, FileSystemResource.class, "<init>")
                        && call.getTarget().getRawParameterTypes().get(0).isEquivalentTo(String.class));
    }

    private static boolean isOn(JavaCall<?> call, Class<?> owner, String... names) {
        return call.getTargetOwner().isAssignableTo(owner) && List.of(names).contains(call.getName());
    }
}
