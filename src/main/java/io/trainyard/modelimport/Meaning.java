package io.trainyard.modelimport;

import io.trainyard.dataset.DatasetVersion;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.NumberEncoding;
import io.trainyard.encoding.Target;
import io.trainyard.model.DatasetReference;
import io.trainyard.model.Lineage;
import io.trainyard.model.ModelVersion;
import io.trainyard.network.Task;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.ProblemException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a network are, and what its answers mean, as far as the request says it, a dataset, or the version whose
 * file it is.
 *
 * @param encoding null where the file says the shape of its rows, and they are numbers as they are
 * @param target null where it follows from the network
 * @param dataset null where none was named
 */
record Meaning(
        ImportSpec spec,
        @Nullable Encoding encoding,
        @Nullable Target target,
        @Nullable DatasetReference dataset) {

    private static final String NUMBER = "value";

    /** Of a network of which the request says all that is known. */
    static Meaning of(ImportSpec spec) {
        return new Meaning(spec, null, null, null);
    }

    /** Of a network for a dataset. */
    static Meaning of(ImportSpec spec, DatasetVersion dataset) {
        return new Meaning(
                spec,
                dataset.encoding(),
                dataset.target(),
                new DatasetReference(dataset.name(), dataset.version(), dataset.sha256()));
    }

    /** Of a network that this service handed out. What the request says goes first. */
    static Meaning of(ImportSpec spec, ModelVersion known) {
        boolean sameRows = spec.inputShape() == null && spec.scale() == null;
        boolean sameAnswers = spec.classes() == null && spec.task() == null;
        DatasetReference dataset = known.lineage() instanceof Lineage.Trained trained
                ? trained.dataset()
                : ((Lineage.Imported) known.lineage()).dataset();
        return new Meaning(
                spec,
                sameRows ? known.encoding() : null,
                sameAnswers ? known.target() : null,
                sameRows && sameAnswers ? dataset : null);
    }

    /** The shape of the rows that the network is to take; null where the file has to say it. */
    @Nullable
    List<Integer> inputShape() {
        if (encoding != null) {
            return encoding.inputShape();
        }
        Shape shape = spec.inputShape();
        return shape == null ? null : shape.dimensions();
    }

    /** The preprocessing of the rows of a network. */
    Encoding encoding(Outcome.Facts facts) {
        return encoding != null
                ? encoding
                : new NumberEncoding(facts.inputShape(), spec.scale() == null ? 1 : spec.scale());
    }

    /**
     * What the answers of a network mean.
     *
     * @throws ProblemException INVALID_REQUEST where they cannot mean that
     */
    Target target(Outcome.Facts facts) {
        if (target != null) {
            String field = spec.dataset() != null ? "/spec/dataset" : "file";
            if (target instanceof Target.Classes classes) {
                checkClasses(field, classes.names().size(), facts);
            } else {
                checkNumber(field, facts);
            }
            return target;
        }
        if (spec.classes() != null) {
            checkClasses("/spec/classes", spec.classes().size(), facts);
            return new Target.Classes(spec.classes());
        }
        boolean probabilities = facts.activation() != Activation.LINEAR;
        if (spec.task() == Task.REGRESSION || (spec.task() == null && !probabilities)) {
            checkNumber(spec.task() == null ? "file" : "/spec/task", facts);
            return new Target.Quantity(NUMBER);
        }
        int classes = Math.max(2, facts.outputs());
        checkClasses(spec.task() == null ? "file" : "/spec/task", classes, facts);
        return new Target.Classes(
                IntStream.range(0, classes).mapToObj(String::valueOf).toList());
    }

    private static void checkClasses(String field, int classes, Outcome.Facts facts) {
        boolean binary = classes == 2 && facts.outputs() == 1 && facts.activation() == Activation.SIGMOID;
        if (facts.outputs() != classes && !binary) {
            throw ReadingProcess.problem(
                    field, "there are " + classes + " classes, but the network gives " + numbers(facts) + " for a row");
        }
        if (facts.activation() == Activation.LINEAR) {
            throw ReadingProcess.problem(
                    field,
                    "classes need a network that ends in softmax or sigmoid, since their probabilities are told; put a"
                            + " softmax at its end and save it again");
        }
        if (facts.activation() == Activation.SOFTMAX && facts.outputs() < 2) {
            throw ReadingProcess.problem(field, "a softmax over one number says nothing");
        }
    }

    private static void checkNumber(String field, Outcome.Facts facts) {
        if (facts.outputs() != 1) {
            throw ReadingProcess.problem(
                    field,
                    "a network that does not end in softmax or sigmoid is to tell one number, but this one gives "
                            + numbers(facts) + " for a row");
        }
        if (facts.activation() == Activation.SOFTMAX) {
            throw ReadingProcess.problem(field, "softmax gives probabilities, not a number");
        }
    }

    private static String numbers(Outcome.Facts facts) {
        return facts.outputs() == 1 ? "one number" : facts.outputs() + " numbers";
    }
}
