package io.trainyard.dataset;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the folders of an archive hold, as a first reading finds it. Memory grows with classes, not with pictures. */
final class FolderProfile {

    private final ZipEntries archive;
    private final int mostClasses;
    private final Map<String, Folder> folders = new HashMap<>();
    private @Nullable PicturePath first;
    private String firstEntry = "";
    private int pictures;

    FolderProfile(ZipEntries archive, int mostClasses) {
        this.archive = archive;
        this.mostClasses = mostClasses;
    }

    /** The pictures of a class. */
    private static final class Folder {

        private final String firstEntry;
        private int train;
        private int test;

        Folder(String firstEntry) {
            this.firstEntry = firstEntry;
        }
    }

    /** Takes in a picture, which must stand where the others do. */
    void add(String entry, PicturePath path) {
        if (first == null) {
            first = path;
            firstEntry = entry;
        }
        if (!Objects.equals(first.top(), path.top()) || (first.split() == null) != (path.split() == null)) {
            throw archive.invalid(
                    entry,
                    "is in other folders than '" + firstEntry
                            + "'; all pictures must be in <class>/, or all in train/<class>/ and test/<class>/");
        }
        Folder folder = folders.computeIfAbsent(path.className(), name -> new Folder(entry));
        if (folders.size() > mostClasses) {
            throw archive.invalid(entry, "is of one class more than the " + mostClasses + " that are taken");
        }
        if (path.split() == Split.TEST) {
            folder.test++;
        } else {
            folder.train++;
        }
        pictures++;
    }

    int pictures() {
        return pictures;
    }

    boolean hasTestFolder() {
        return folders.values().stream().anyMatch(folder -> folder.test > 0);
    }

    /**
     * The classes, in the order of their labels.
     *
     * @param file that is at fault where there are too few
     */
    List<String> classes(UploadedFile file) {
        if (pictures == 0) {
            throw file.invalid("it holds no picture; it must hold train/<class>/<file>, or <class>/<file>");
        }
        List<String> classes = ClassNames.inOrder(folders.keySet());
        for (String name : classes) {
            Folder folder = Objects.requireNonNull(folders.get(name));
            if (folder.train == 0) {
                throw archive.invalid(
                        folder.firstEntry, "is of the class '" + name + "', which has no picture in train/");
            }
        }
        if (classes.size() < 2) {
            throw archive.invalid(
                    firstEntry,
                    "is of the class '" + classes.get(0)
                            + "', and so is every other; a class needs another to be told from");
        }
        if (first != null && first.split() == null && classes.equals(List.of("test", "train"))) {
            throw archive.invalid(
                    firstEntry, "is in no folder of a class; it must be train/<class>/<file> or test/<class>/<file>");
        }
        return classes;
    }

    /** The training pictures of each class. */
    int[] trainCounts(List<String> classes) {
        return classes.stream()
                .mapToInt(name -> Objects.requireNonNull(folders.get(name)).train)
                .toArray();
    }
}
