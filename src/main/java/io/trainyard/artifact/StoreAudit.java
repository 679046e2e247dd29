package io.trainyard.artifact;

import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Compares the store with what is needed, byte by byte, and deletes files that nothing has needed for long: of attempts
 * that were cut off between storing their bytes and publishing them.
 */
@Component
public class StoreAudit {

    private static final Logger log = LoggerFactory.getLogger(StoreAudit.class);
    private static final String TAKEN = ".orphan";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern OURS = Pattern.compile("([0-9a-f]{2}/[0-9a-f]{64}|(checkpoints/)?incoming/" + UUID
            + "\\.tmp|checkpoints/" + UUID + "/[0-9-]+\\.(checkpoint|draft))(" + Pattern.quote(TAKEN) + ")?");

    private final Path dir;
    private final ArtifactProperties properties;
    private final Clock clock;

    StoreAudit(ArtifactProperties properties, Clock clock) {
        this.dir = properties.dir().toAbsolutePath().normalize();
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * @param references what is needed at the time of the call
     */
    public StoreReport run(Supplier<Collection<Reference>> references) {
        try {
            giveBackTaken();
            // In this order: what is stored and published from here on is no orphan.
            Map<String, BasicFileAttributes> files = files();
            Map<String, Reference> needed = byPath(references.get());
            List<StoreReport.Fault> missing = new ArrayList<>();
            List<StoreReport.Fault> damaged = new ArrayList<>();
            long bytes = 0;
            for (Reference reference : needed.values()) {
                bytes += reference.artifact().bytes();
                check(reference, missing, damaged);
            }
            // What a job has ended without in the meantime is not missed.
            Map<String, Reference> still = missing.isEmpty() ? needed : byPath(references.get());
            missing.removeIf(fault -> !still.containsKey(fault.path()));
            files.keySet().removeAll(needed.keySet());
            return collect(files, needed.size(), bytes, missing, damaged);
        } catch (IOException e) {
            throw new UncheckedIOException("the artifact store " + dir + " cannot be read", e);
        }
    }

    /** The paths of all files in the store. */
    public Set<String> stored() {
        try {
            return files().keySet();
        } catch (IOException e) {
            throw new UncheckedIOException("the artifact store " + dir + " cannot be read", e);
        }
    }

    private StoreReport collect(
            Map<String, BasicFileAttributes> orphans,
            int needed,
            long bytes,
            List<StoreReport.Fault> missing,
            List<StoreReport.Fault> damaged)
            throws IOException {
        Instant limit = clock.instant().minus(properties.orphanAge());
        int collected = 0;
        long collectedBytes = 0;
        for (Map.Entry<String, BasicFileAttributes> orphan : orphans.entrySet()) {
            if (isBefore(orphan.getValue(), limit) && delete(dir.resolve(orphan.getKey()), limit)) {
                collected++;
                collectedBytes += orphan.getValue().size();
            }
        }
        return new StoreReport(needed, bytes, missing, damaged, orphans.size() - collected, collected, collectedBytes);
    }

    private void check(Reference reference, List<StoreReport.Fault> missing, List<StoreReport.Fault> damaged) {
        Path file = dir.resolve(reference.path());
        try {
            DurableFile.verify(file, reference.artifact());
        } catch (ProblemException fault) {
            (Files.exists(file) ? damaged : missing)
                    .add(new StoreReport.Fault(reference.owner(), reference.path(), fault.detail()));
        } catch (NoSuchFileException gone) {
            missing.add(new StoreReport.Fault(reference.owner(), reference.path(), "is missing"));
        } catch (IOException unreadable) {
            damaged.add(new StoreReport.Fault(reference.owner(), reference.path(), "cannot be read: " + unreadable));
        }
    }

    /**
     * Deletes an old file. Under its name the same bytes may be stored anew at this very moment; so it is taken away
     * first, looked at again, and given back when it has become a young one.
     */
    private boolean delete(Path file, Instant limit) throws IOException {
        Path taken = file.resolveSibling(file.getFileName() + TAKEN);
        try {
            Files.move(file, taken, StandardCopyOption.ATOMIC_MOVE);
            if (!isBefore(Files.readAttributes(taken, BasicFileAttributes.class), limit)) {
                Files.move(taken, file, StandardCopyOption.ATOMIC_MOVE);
                return false;
            }
            Files.delete(taken);
            log.info("deleted {}, which nothing needs", file);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** An audit that was cut off may have taken what it was to give back. */
    private void giveBackTaken() throws IOException {
        for (String path : files().keySet()) {
            if (path.endsWith(TAKEN)) {
                Path taken = dir.resolve(path);
                try {
                    // Unlike a move it leaves alone what has been stored anew under the name.
                    Files.createLink(dir.resolve(path.substring(0, path.length() - TAKEN.length())), taken);
                } catch (FileAlreadyExistsException storedAnew) {
                    log.debug("{} is there", storedAnew.getMessage());
                } catch (NoSuchFileException gone) {
                    continue;
                }
                Files.deleteIfExists(taken);
            }
        }
    }

    private static boolean isBefore(BasicFileAttributes file, Instant limit) {
        return file.lastModifiedTime().toInstant().isBefore(limit);
    }

    private static Map<String, Reference> byPath(Collection<Reference> references) {
        return references.stream()
                .collect(Collectors.toMap(Reference::path, Function.identity(), (first, second) -> first));
    }

    /** The files that we have written; what else is in the folder is none of our business. */
    private Map<String, BasicFileAttributes> files() throws IOException {
        Map<String, BasicFileAttributes> files = new HashMap<>();
        if (!Files.isDirectory(dir)) {
            return files;
        }
        // The folder may be a link to where there is room.
        Path root = dir.toRealPath();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = root.relativize(file).toString();
                if (OURS.matcher(path).matches()) {
                    files.put(path, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                if (!(failure instanceof NoSuchFileException)) {
                    log.warn("{} cannot be looked at", file, failure);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
                return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
            }
        });
        return files;
    }
}
