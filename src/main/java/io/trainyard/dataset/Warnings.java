package io.trainyard.dataset;

import java.util.ArrayList;
import java.util.List;

/** What the user of a dataset should know; of a table of ten thousand columns not ten thousand sentences. */
final class Warnings {

    private static final int MOST = 100;

    private final List<String> sentences = new ArrayList<>();
    private int more;

    void add(String sentence) {
        if (sentences.size() < MOST) {
            sentences.add(sentence);
        } else {
            more++;
        }
    }

    List<String> sentences() {
        List<String> all = new ArrayList<>(sentences);
        if (more > 0) {
            all.add("and " + more + " more warnings");
        }
        return all;
    }
}
