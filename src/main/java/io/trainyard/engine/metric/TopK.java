package io.trainyard.engine.metric;

/** The share of rows whose class is among the k largest outputs. */
final class TopK implements Metric {

    private final int k;
    private long hits;
    private long rows;

    TopK(int k) {
        this.k = k;
    }

    @Override
    public void add(float[] prediction, int offset, int outputs, float target) {
        int label = (int) target;
        float own = prediction[offset + label];
        int before = 0;
        for (int c = 0; c < outputs; c++) {
            float other = prediction[offset + c];
            // Of equals the first is preferred. No number is no hit.
            if (other > own || (other == own && c < label) || Float.isNaN(other)) {
                before++;
            }
        }
        hits += before < k ? 1 : 0;
        rows++;
    }

    @Override
    public double[] state() {
        return new double[] {hits, rows};
    }

    @Override
    public void restore(double[] state) {
        hits = (long) state[0];
        rows = (long) state[1];
    }

    @Override
    public double value() {
        return rows == 0 ? 0 : (double) hits / rows;
    }
}
