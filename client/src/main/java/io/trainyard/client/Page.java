package io.trainyard.client;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Some of many.
 *
 * @param nextCursor of the page after; null on the last
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** All of all pages, each page fetched when it is come to; {@code pages} takes a cursor, of which null is the first. */
    static <T> Stream<T> all(Function<@Nullable String, Page<T>> pages) {
        return Stream.iterate(pages.apply(null), Objects::nonNull, page -> page.after(pages))
                .flatMap(page -> page.items().stream());
    }

    private @Nullable Page<T> after(Function<@Nullable String, Page<T>> pages) {
        return nextCursor == null ? null : pages.apply(nextCursor);
    }
}
