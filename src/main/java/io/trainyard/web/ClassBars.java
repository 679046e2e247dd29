package io.trainyard.web;

import io.trainyard.dataset.VersionView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How many rows of each class a split has.
 *
 * @param bars in the order of the classes; of many only the largest
 * @param more how many classes are not shown
 */
record ClassBars(String split, int rows, List<Bar> bars, int more) {

    private static final int IN_ORDER = 40;

    static List<ClassBars> of(VersionView version) {
        return version.splits().entrySet().stream()
                .filter(split -> !split.getValue().classCounts().isEmpty())
                .map(split -> of(split.getKey(), split.getValue()))
                .toList();
    }

    private static ClassBars of(String split, VersionView.SplitView view) {
        Map<String, Integer> counts = view.classCounts();
        long most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        Comparator<Map.Entry<String, Integer>> largest = Map.Entry.comparingByValue(Comparator.reverseOrder());
        List<Map.Entry<String, Integer>> shown = counts.size() <= IN_ORDER
                ? List.copyOf(counts.entrySet())
                : counts.entrySet().stream().sorted(largest).limit(IN_ORDER).toList();
        return new ClassBars(
                split,
                view.rows(),
                shown.stream()
                        .map(entry -> new Bar(
                                entry.getKey(), entry.getValue(), (double) entry.getValue() / Math.max(1, most)))
                        .toList(),
                counts.size() - shown.size());
    }
}
