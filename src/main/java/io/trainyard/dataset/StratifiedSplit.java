package io.trainyard.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A seeded division of rows into a training and a test part with the same share of each class. Each row is in exactly
 * one part, and both keep the rows' order.
 */
record StratifiedSplit(int[] train, int[] test) {

    static StratifiedSplit of(byte[] labels, double testFraction, long seed) {
        TreeMap<Byte, List<Integer>> byClass = new TreeMap<>();
        for (int row = 0; row < labels.length; row++) {
            byClass.computeIfAbsent(labels[row], label -> new ArrayList<>()).add(row);
        }
        Random random = new Random(seed);
        List<Integer> test = new ArrayList<>();
        for (List<Integer> rows : byClass.values()) {
            Collections.shuffle(rows, random);
            test.addAll(rows.subList(0, (int) Math.round(rows.size() * testFraction)));
        }
        boolean[] isTest = new boolean[labels.length];
        test.forEach(row -> isTest[row] = true);
        int[] trainRows = new int[labels.length - test.size()];
        int next = 0;
        for (int row = 0; row < labels.length; row++) {
            if (!isTest[row]) {
                trainRows[next++] = row;
            }
        }
        int[] testRows = test.stream().mapToInt(Integer::intValue).toArray();
        Arrays.sort(testRows);
        return new StratifiedSplit(trainRows, testRows);
    }
}
