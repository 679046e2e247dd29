package io.trainyard.upload;

import java.io.IOException;
import java.nio.file.Path;
import org.springframework.web.multipart.MultipartFile;

/** A file that was sent. */
public final class PartFile {

    private static final int MAX_NAME = 255;

    private final String part;
    private final MultipartFile file;

    PartFile(String part, MultipartFile file) {
        this.part = part;
        this.file = file;
    }

    /** The name of its part. */
    public String part() {
        return part;
    }

    /** As its sender calls it, without folders; for people, not for paths. */
    public String fileName() {
        String name = file.getOriginalFilename();
        String last = name == null
                ? ""
                : name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                        .replaceAll("\\p{Cntrl}", "");
        // Not within a character.
        return last.length() > MAX_NAME
                ? last.substring(0, Character.isHighSurrogate(last.charAt(MAX_NAME - 1)) ? MAX_NAME - 1 : MAX_NAME)
                : last;
    }

    public long bytes() {
        return file.getSize();
    }

    /** Moves it to a place; once. */
    public void moveTo(Path target) throws IOException {
        // With a Path it would be copied.
        file.transferTo(target.toAbsolutePath().toFile());
    }
}
