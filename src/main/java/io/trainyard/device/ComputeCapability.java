package io.trainyard.device;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The generation of a GPU and its revision, such as 8.6 (CUDA C++ Programming Guide, "Compute Capability"). */
record ComputeCapability(int major, int minor) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d)");

    static Optional<ComputeCapability> of(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new ComputeCapability(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }

    /** Machine code runs on its own revision and on later ones of the same generation. */
    boolean runsCodeOf(ComputeCapability compiled) {
        return major == compiled.major && minor >= compiled.minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
