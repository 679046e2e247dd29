package io.trainyard.diagnosis;

import io.trainyard.training.EpochMetrics;
import io.trainyard.training.JobSpec;
import io.trainyard.training.JobStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** Jobs that were run once, with the curves that they had; see the README beside them. */
final class Recorded {

    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .build();

    static final List<String> ALL = List.of(
            "dead-relu",
            "digits-overfitting",
            "early-stopped",
            "exploding",
            "friedman1",
            "friedman1-diverged",
            "friedman1-linear",
            "friedman1-noisy",
            "friedman1-overfitting",
            "friedman1-rate-too-low",
            "friedman1-under-trained",
            "iris",
            "iris-short",
            "moons",
            "moons-linear",
            "rate-too-low",
            "rung-1",
            "rung-1-seed-1",
            "rung-1-seed-2",
            "rung-2",
            "rung-2-seed-1",
            "rung-2-seed-2",
            "rung-3",
            "rung-3-seed-1",
            "rung-3-seed-2",
            "rung-4",
            "rung-4-seed-1",
            "rung-4-seed-2",
            "rung-5",
            "rung-5-seed-1",
            "rung-5-seed-2",
            "rung-6",
            "rung-6-seed-1",
            "rung-6-seed-2",
            "rung-7",
            "rung-7-seed-1",
            "rung-8",
            "rung-8-seed-1",
            "rung-9",
            "under-trained",
            "vanishing-deep");

    private Recorded() {}

    /** The curves of a job as it ended. */
    static Curves curves(String name) {
        return curves(name, Integer.MAX_VALUE, 1);
    }

    /** The curves of a job after some epochs, its losses in another unit. */
    static Curves curves(String name, int epochs, double unit) {
        JsonNode job = read(name);
        return curves(
                name,
                epochs,
                unit,
                new HeldOut(
                        job.at("/held_out/rows").intValue(),
                        Arrays.stream(JSON.treeToValue(job.at("/held_out/class_counts"), Integer[].class))
                                .toList()));
    }

    /** The curves of a job as if it had ended with other rows held out. */
    static Curves curves(String name, HeldOut heldOut) {
        return curves(name, Integer.MAX_VALUE, 1, heldOut);
    }

    private static Curves curves(String name, int epochs, double unit, HeldOut heldOut) {
        JsonNode job = read(name);
        List<EpochMetrics> done = new ArrayList<>();
        for (JsonNode epoch : job.get("epochs")) {
            if (done.size() < epochs) {
                done.add(metrics(epoch, unit));
            }
        }
        return Curves.of(
                JSON.treeToValue(job.get("spec"), JobSpec.class),
                epochs < job.get("epochs").size()
                        ? JobStatus.RUNNING
                        : JobStatus.valueOf(job.get("status").stringValue()),
                done,
                heldOut);
    }

    static JsonNode spec(String name) {
        return read(name).get("spec");
    }

    private static JsonNode read(String name) {
        try (InputStream in = Recorded.class.getResourceAsStream("/diagnosis/" + name + ".json")) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EpochMetrics metrics(JsonNode epoch, double unit) {
        Map<String, Double> others = new LinkedHashMap<>();
        epoch.propertyStream()
                .filter(field -> field.getKey().matches("(train|val)_(?!loss).*"))
                .forEach(field -> others.put(field.getKey(), field.getValue().doubleValue()));
        return new EpochMetrics(
                epoch.get("epoch").intValue(),
                1,
                loss(epoch, Curves.TRAIN_LOSS, unit),
                loss(epoch, Curves.VAL_LOSS, unit),
                others,
                epoch.get("learning_rate").doubleValue(),
                1,
                1,
                null,
                Instant.EPOCH);
    }

    private static @Nullable Double loss(JsonNode epoch, String name, double unit) {
        JsonNode value = epoch.get(name);
        return value == null || value.isNull() ? null : Double.valueOf(value.doubleValue() * unit);
    }
}
