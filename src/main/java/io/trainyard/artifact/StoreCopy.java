package io.trainyard.artifact;

import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.util.FileSystemUtils;

/** Copies the files that are needed from one store's folder to another's. */
public final class StoreCopy {

    private StoreCopy() {}

    /**
     * Copies and verifies.
     *
     * @param lost told in words of each file that is missing or damaged, and is not copied
     * @return what was copied
     */
    public static List<Reference> copy(Path from, Path to, Collection<Reference> files, Consumer<String> lost)
            throws IOException {
        List<Reference> copied = new ArrayList<>();
        for (Reference reference : files) {
            Path source = from.resolve(reference.path());
            try {
                DurableFile.verify(source, reference.artifact());
                int name = reference.path().lastIndexOf('/');
                DurableFile.write(
                        to,
                        out -> Files.copy(source, out),
                        stored -> reference.path().substring(0, name),
                        stored -> reference.path().substring(name + 1));
                copied.add(reference);
            } catch (ProblemException fault) {
                lost.accept(reference.owner() + ": " + fault.detail());
            } catch (NoSuchFileException gone) {
                lost.accept(reference.owner() + ": " + reference.path() + " is missing");
            }
        }
        FileSystemUtils.deleteRecursively(to.resolve("incoming"));
        return copied;
    }
}
