package io.trainyard.network;

import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Weight;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a network, its training and the data's question fit each other. */
public final class Fit {

    private Fit() {}

    /**
     * Checks the network's answer against what the data asks.
     *
     * @param outputs the number of classes, or of numbers to tell
     * @throws ProblemException INVALID_NETWORK
     */
    public static void checkOutput(NetworkGraph graph, Task task, int outputs) {
        NetworkGraph.Node last = graph.output();
        int index = graph.nodes().size() - 1;
        Activation activation = last.layer().outputActivation();
        for (int i = 0; i < graph.nodes().size(); i++) {
            NetworkGraph.Node node = graph.nodes().get(i);
            if (node.layer().outputActivation() == Activation.SOFTMAX
                    && node.outputShape().rank() != 1) {
                throw NetworkGraph.invalid(NetworkGraph.layerError(
                        i,
                        "softmax takes a vector [n], but its input has shape " + node.outputShape()
                                + "; put a flatten or a global pooling before it"));
            }
        }
        boolean binary = task == Task.CLASSIFICATION && outputs == 2 && activation == Activation.SIGMOID;
        Shape expected = Shape.of(outputs);
        if (!last.outputShape().equals(expected)
                && !(binary && last.outputShape().equals(Shape.of(1)))) {
            String question = task == Task.CLASSIFICATION
                    ? "the dataset has " + outputs + " classes"
                    : "the dataset asks for " + outputs + " number" + (outputs == 1 ? "" : "s");
            String advice = last.outputShape().rank() > 1
                    ? "; put a flatten or a global pooling before the last dense layer"
                    : "";
            throw NetworkGraph.invalid(NetworkGraph.layerError(
                    index,
                    "the network ends in shape " + last.outputShape() + ", but " + question + ": shape " + expected
                            + advice));
        }
        boolean probabilities = activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
        if (task == Task.CLASSIFICATION && !probabilities) {
            throw NetworkGraph.invalid(
                    NetworkGraph.layerError(
                            index,
                            "the last layer must have activation 'softmax', or 'sigmoid', since the network tells classes apart"));
        }
        if (graph.nodes().stream().flatMap(node -> node.weights().stream()).noneMatch(Weight::trainable)) {
            throw NetworkGraph.invalid(new FieldError("/network", "has no weight that training could change"));
        }
        if (task == Task.REGRESSION && activation == Activation.SOFTMAX) {
            throw NetworkGraph.invalid(NetworkGraph.layerError(
                    index, "softmax gives probabilities, but the dataset asks for a number; use 'linear'"));
        }
    }

    /**
     * Checks the settings that only make sense for some networks and data.
     *
     * @param classes the names of the dataset's classes; empty for regression
     * @throws ProblemException INVALID_REQUEST
     */
    public static void checkTraining(NetworkGraph graph, TrainingSpec training, Task task, List<String> classes) {
        Activation activation = graph.output().layer().outputActivation();
        LossSpec loss = training.loss();
        if (task == Task.REGRESSION && loss.isForClasses()) {
            throw invalid("loss", "compares classes, but the dataset asks for a number; use mse, mae or huber");
        }
        if (loss instanceof LossSpec.CategoricalCrossentropy && activation != Activation.SOFTMAX) {
            throw invalid("loss", "categorical_crossentropy needs a network that ends in softmax, not " + activation);
        }
        if (loss instanceof LossSpec.BinaryCrossentropy && activation != Activation.SIGMOID) {
            throw invalid("loss", "binary_crossentropy needs a network that ends in sigmoid, not " + activation);
        }
        for (int i = 0; i < training.metrics().size(); i++) {
            MetricSpec metric = training.metrics().get(i);
            if (metric.task() != task) {
                throw invalid(
                        "metrics/" + i,
                        metric.name() + " is for " + metric.task() + ", but the dataset asks for " + task);
            }
        }
        for (String name : training.classWeight().keySet()) {
            if (!classes.contains(name)) {
                throw invalid(
                        FieldError.pointer("class_weight", name), "the dataset has no such class; it has " + classes);
            }
        }
        if (training.augmentation() != null && !graph.inputShape().isImage()) {
            throw invalid("augmentation", "changes pictures, but the dataset's rows have shape " + graph.inputShape());
        }
        if (training.earlyStopping() != null) {
            checkMonitor("early_stopping", training.earlyStopping().monitor(), training);
        }
        if (training.learningRateSchedule() instanceof LearningRateSchedule.ReduceOnPlateau plateau) {
            checkMonitor("learning_rate_schedule", plateau.monitor(), training);
        }
    }

    private static void checkMonitor(String field, Monitor monitor, TrainingSpec training) {
        Set<String> known = Stream.concat(
                        Stream.of("loss"), training.metrics().stream().map(MetricSpec::name))
                .flatMap(name -> Stream.of("train_" + name, "val_" + name))
                .collect(Collectors.toSet());
        if (!known.contains(monitor.name())) {
            throw invalid(
                    field + "/monitor",
                    "'" + monitor + "' is not computed; there are "
                            + known.stream().sorted().collect(Collectors.joining(", "))
                            + ", and 'metrics' can add more");
        }
    }

    private static ProblemException invalid(String field, String detail) {
        FieldError error = new FieldError("/training/" + field, detail);
        return new ProblemException(
                ProblemType.INVALID_REQUEST, error.pointer() + ": " + error.detail(), List.of(error));
    }
}
