package io.trainyard.web;

import jakarta.servlet.http.HttpServletRequest;

/** Parts of a page that htmx fetches anew (https://htmx.org/reference/#request_headers). */
final class Fragments {

    private Fragments() {}

    /** Whether only a part of the page is wanted. */
    static boolean wanted(HttpServletRequest request) {
        return "true".equals(request.getHeader("HX-Request"));
    }
}
