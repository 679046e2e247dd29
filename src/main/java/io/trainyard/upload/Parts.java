package io.trainyard.upload;

import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/**
 * The parts of a request: files, and one of JSON named {@code spec}. They are read from the network when they are first
 * asked for.
 */
public final class Parts {

    private static final String SPEC = "spec";
    private static final int MAX_SPEC = 512 << 10;

    private final MultipartHttpServletRequest request;

    public Parts(MultipartHttpServletRequest request) {
        this.request = request;
    }

    /**
     * The JSON of the part {@code spec}; null where there is none.
     *
     * @throws ProblemException PAYLOAD_TOO_LARGE
     */
    public @Nullable String spec() {
        List<MultipartFile> parts = request.getFiles(SPEC);
        String[] values = request.getParameterValues(SPEC);
        if (parts.size() + (values == null ? 0 : values.length) > 1) {
            throw malformed(SPEC, "must be there once");
        }
        if (parts.isEmpty()) {
            return values == null ? null : bounded(values[0], values[0].length());
        }
        MultipartFile part = parts.get(0);
        bounded("", part.getSize());
        try {
            return new String(part.getBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw malformed(SPEC, "cannot be read");
        }
    }

    private static String bounded(String text, long size) {
        if (size > MAX_SPEC) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE, "The part 'spec' has more than " + MAX_SPEC + " bytes.");
        }
        return text;
    }

    /**
     * Takes the files, each of which must be there no more than once.
     *
     * @param known the names that parts may have beside {@code spec}
     * @throws ProblemException UNKNOWN_FIELD for another part, MALFORMED_REQUEST
     */
    public List<PartFile> files(Set<String> known) {
        Set<String> others = new TreeSet<>(request.getMultiFileMap().keySet());
        others.addAll(request.getParameterMap().keySet());
        others.removeIf(name -> files(name).isEmpty() && !isText(name));
        others.removeAll(known);
        others.remove(SPEC);
        if (!others.isEmpty()) {
            String name = others.iterator().next();
            String list = String.join(
                    ", ",
                    Stream.concat(known.stream().sorted(), Stream.of(SPEC)).toList());
            throw new ProblemException(
                    ProblemType.UNKNOWN_FIELD,
                    "There is no part '" + name + "' here; known parts: " + list + ".",
                    List.of(new FieldError(name, "unknown part; known here: " + list)));
        }
        for (String name : known) {
            if (files(name).size() > 1 || isText(name)) {
                throw malformed(name, "must be there once, as a part with a file name");
            }
        }
        return known.stream()
                .sorted()
                .flatMap(name -> files(name).stream().map(file -> new PartFile(name, file)))
                .toList();
    }

    /** Of a field that was left empty a browser sends a part all the same, without a name for the file. */
    private List<MultipartFile> files(String name) {
        return request.getFiles(name).stream()
                .filter(file -> !file.isEmpty() || StringUtils.isNotEmpty(file.getOriginalFilename()))
                .toList();
    }

    private boolean isText(String name) {
        return StringUtils.isNotEmpty(request.getParameter(name));
    }

    /**
     * Takes the only file.
     *
     * @throws ProblemException as {@link #files}, and where it is missing
     */
    public PartFile file(String name) {
        List<PartFile> files = files(Set.of(name));
        if (files.isEmpty()) {
            throw missing(name);
        }
        return files.get(0);
    }

    /** Says that a file is missing. */
    public static ProblemException missing(String name) {
        return malformed(name, "is required, once, as a part with a file name");
    }

    private static ProblemException malformed(String part, String detail) {
        return new ProblemException(
                ProblemType.MALFORMED_REQUEST, part + ": " + detail, List.of(new FieldError(part, detail)));
    }
}
