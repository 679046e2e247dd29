package io.trainyard.dataset;

import io.trainyard.problem.InvalidFieldException;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a picture stands in an archive: {@code train/<class>/<file>}, {@code test/<class>/<file>} or {@code <class>/<file>},
 * each of them perhaps in one folder more. It is read for what it says, and names no file of ours.
 *
 * @param top the folder around all, or null
 * @param split null where the archive has no folders of splits
 * @param className composed, as keyboards give it: some systems take letters and accents apart in names
 */
record PicturePath(@Nullable String top, @Nullable Split split, String className) {

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
    private static final Pattern PICTURE = Pattern.compile("(?i).+\\.(png|jpe?g)", Pattern.DOTALL);
    private static final String PLACES = "train/<class>/<file>, test/<class>/<file> or <class>/<file>";
    /** What systems add to folders. */
    private static final Set<String> PASSED_OVER = Set.of(".ds_store", "thumbs.db");

    /**
     * @return null for folders, and for what is passed over
     * @throws InvalidFieldException when a name is no place of a picture
     */
    static @Nullable PicturePath of(String name) {
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw invalid("has a control character in its name");
        }
        if (name.indexOf('\\') >= 0) {
            throw invalid("has a backslash in its name; folders are told apart by '/'");
        }
        if (name.startsWith("/") || DRIVE.matcher(name).matches()) {
            throw invalid("has a name that is absolute; it must be " + PLACES);
        }
        boolean folder = name.endsWith("/");
        List<String> names = List.of((folder ? name.substring(0, name.length() - 1) : name).split("/", -1));
        if (names.contains("..") || names.contains(".") || names.contains("")) {
            throw invalid("has '..', '.' or nothing for a folder in its name; it must be " + PLACES);
        }
        String file = names.get(names.size() - 1);
        if (folder
                || names.contains("__MACOSX")
                || file.startsWith("._")
                || PASSED_OVER.contains(file.toLowerCase(Locale.ROOT))) {
            return null;
        }
        if (!PICTURE.matcher(file).matches()) {
            throw invalid("is neither .png nor .jpg nor .jpeg, by its name; a zip must hold nothing but pictures");
        }
        return inFolders(names.subList(0, names.size() - 1));
    }

    private static PicturePath inFolders(List<String> folders) {
        return switch (folders.size()) {
            case 1 -> new PicturePath(null, null, className(folders.get(0)));
            case 2 -> {
                Split split = split(folders.get(0));
                yield new PicturePath(split == null ? folders.get(0) : null, split, className(folders.get(1)));
            }
            case 3 -> {
                Split split = split(folders.get(1));
                if (split == null) {
                    throw invalid("is in the folder '" + folders.get(1) + "' where 'train' or 'test' must stand, or its"
                            + " class has folders within; it must be " + PLACES);
                }
                yield new PicturePath(folders.get(0), split, className(folders.get(2)));
            }
            case 0 -> throw invalid("is in no folder; the name of its folder is its class: " + PLACES);
            default -> throw invalid("is in too many folders; it must be " + PLACES);
        };
    }

    private static @Nullable Split split(String folder) {
        for (Split split : Split.values()) {
            if (split.toString().equals(folder)) {
                return split;
            }
        }
        return null;
    }

    private static String className(String folder) {
        String name = Normalizer.normalize(folder, Normalizer.Form.NFC);
        String fault = ClassNames.fault(name);
        if (fault != null) {
            throw invalid("has a name of a class that " + fault);
        }
        return name;
    }

    private static InvalidFieldException invalid(String detail) {
        return new InvalidFieldException("", detail);
    }
}
