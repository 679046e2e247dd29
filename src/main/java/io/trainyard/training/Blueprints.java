package io.trainyard.training;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Split;
import io.trainyard.dataset.SplitContent;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.network.Fit;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkRequest;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.NetworkSummary;
import io.trainyard.network.Preset;
import io.trainyard.network.Presets;
import io.trainyard.network.Task;
import io.trainyard.network.TrainingSettings;
import io.trainyard.network.TrainingSpec;
import io.trainyard.network.keras.KerasJson;
import io.trainyard.network.layer.Embedding;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes a complete network and training of what a request says, and checks that they fit each other and the machine. */
@Component
class Blueprints {

    private static final Pattern LAYER = Pattern.compile("/network/layers/(\\d+)(.*)");

    private final Presets presets;
    private final Models models;
    private final JsonMapper json;
    private final TrainingProperties properties;

    Blueprints(Presets presets, Models models, JsonMapper json, TrainingProperties properties) {
        this.presets = presets;
        this.models = models;
        this.json = json;
        this.properties = properties;
    }

    /**
     * @throws ProblemException INVALID_NETWORK, INVALID_REQUEST, INSUFFICIENT_MEMORY, or NOT_FOUND for a base that does
     *     not exist
     */
    Blueprint of(JobRequest request, DatasetVersion dataset) {
        NetworkSpec network =
                network(request.network(), new Shape(dataset.encoding().inputShape()));
        Target target = dataset.target();
        Task task = target instanceof Target.Classes ? Task.CLASSIFICATION : Task.REGRESSION;
        NetworkGraph graph;
        try {
            graph = NetworkGraph.of(network);
            Fit.checkOutput(graph, task, target.answers());
        } catch (ProblemException unfit) {
            throw inTheRequestsTerms(unfit, request.network(), network);
        }
        checkEmbeddings(graph, dataset.encoding());
        TrainingSpec training = buffered(training(request, task, graph), dataset.split(Split.TRAIN));
        Fit.checkTraining(graph, training, task, target.classes());
        NetworkSummary summary = NetworkSummary.of(
                graph,
                training.batchSize(),
                training.optimizer(),
                dataset.split(Split.TEST).rows());
        checkMemory(summary);
        return new Blueprint(network, graph, training, summary);
    }

    /** A fault in a layer that the request does not hold itself is one of what brought it. */
    private static ProblemException inTheRequestsTerms(
            ProblemException unfit, NetworkRequest request, NetworkSpec network) {
        FieldError error = unfit.errors().get(0);
        Matcher layer = LAYER.matcher(error.pointer());
        if (!layer.matches() || (request.layers() != null && request.base() == null)) {
            return unfit;
        }
        int index = Integer.parseInt(layer.group(1));
        int own = request.layers() == null ? 0 : request.layers().size();
        int brought = network.layers().size() - own;
        if (index >= brought) {
            return invalid("/network/layers/" + (index - brought) + layer.group(2), error.detail());
        }
        String source = request.preset() != null ? "preset" : request.keras() != null ? "keras" : "base";
        return invalid("/network/" + source, "layer " + index + layer.group(2) + ": " + error.detail());
    }

    /** An embedding looks up whole numbers: those that the dataset gives, each below its {@code input_dim}. */
    private static void checkEmbeddings(NetworkGraph graph, Encoding encoding) {
        for (int i = 0; i < graph.nodes().size(); i++) {
            NetworkGraph.Node node = graph.nodes().get(i);
            if (!(node.layer() instanceof Embedding embedding)) {
                continue;
            }
            String pointer = "/network/layers/" + i;
            if (encoding.wholeBelow().isEmpty()) {
                throw invalid(
                        pointer,
                        "embedding takes integers, but this dataset's values are scaled before the network sees them;"
                                + " it must have only columns of texts whose encoding is ordinal, with their values named");
            }
            if (!node.inputs().equals(List.of(NetworkGraph.INPUT))) {
                throw invalid(
                        pointer, "embedding takes integers, so it must take the network's input, not a layer's output");
            }
            if (embedding.inputDim() < encoding.wholeBelow().getAsInt()) {
                throw invalid(
                        pointer + "/input_dim",
                        "must be at least " + encoding.wholeBelow().getAsInt()
                                + ", as many values as a column of the dataset has, was " + embedding.inputDim());
            }
        }
    }

    private TrainingSpec training(JobRequest request, Task task, NetworkGraph graph) {
        TrainingSettings given = request.training() == null ? TrainingSettings.NONE : request.training();
        String preset = request.network().preset();
        TrainingSettings settings =
                preset == null ? given : given.orElse(preset(preset).training());
        try {
            return settings.complete(task, graph.output().layer().outputActivation());
        } catch (InvalidFieldException incomplete) {
            FieldError error = new FieldError("/training/" + incomplete.field(), incomplete.detail());
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, error.pointer() + ": " + error.detail(), List.of(error));
        }
    }

    /** Of a split that is too large to be shuffled as a whole, the buffer is fixed: every attempt needs the same order. */
    private TrainingSpec buffered(TrainingSpec training, SplitContent split) {
        long bytes = split.features().bytes() + split.labels().bytes();
        long memory = properties.shuffleMemory().toBytes();
        if (!training.shuffle() || training.shuffleBuffer() != null || bytes <= memory) {
            return training;
        }
        int fitting = (int) ((double) memory / bytes * split.rows());
        return training.withShuffleBuffer(Math.max(fitting, training.batchSize()));
    }

    private NetworkSpec network(NetworkRequest request, Shape dataset) {
        checkShape("/network/input_shape", request.inputShape(), dataset);
        List<String> freeze = request.freeze() == null ? List.of() : request.freeze();
        if (request.base() != null) {
            return continued(request, request.base(), dataset, freeze);
        }
        if (request.preset() != null) {
            return new NetworkSpec(dataset, preset(request.preset()).layers(), freeze, null);
        }
        if (request.keras() != null) {
            KerasJson.Parsed parsed = KerasJson.parse(request.keras());
            checkShape("/network/keras", parsed.inputShape(), dataset);
            List<String> all = Stream.concat(parsed.freeze().stream(), freeze.stream())
                    .distinct()
                    .toList();
            return new NetworkSpec(dataset, parsed.layers(), all, null);
        }
        if (request.layers() == null) {
            throw new IllegalStateException("a network request has a source");
        }
        return new NetworkSpec(dataset, request.layers(), freeze, null);
    }

    private static void checkShape(String pointer, @Nullable Shape given, Shape dataset) {
        if (given != null && !given.equals(dataset)) {
            throw invalid(pointer, "is for input shape " + given + ", but the dataset's input shape is " + dataset);
        }
    }

    private Preset preset(String name) {
        return presets.find(name)
                .orElseThrow(() -> invalid(
                        "/network/preset",
                        "there is no preset '" + name + "'; there are "
                                + presets.all().stream().map(Preset::name).collect(Collectors.joining(", "))));
    }

    /**
     * The layers of a version, up to the one that is asked for, and the request's own after them. A network as it is frozen
     * into a job has an input shape, and all layers in one list: there the own ones stand behind the version's.
     */
    private NetworkSpec continued(
            NetworkRequest request, NetworkRequest.Base base, Shape dataset, List<String> freeze) {
        ModelVersion version =
                base.version() == null ? models.latest(base.model()) : models.get(base.model(), base.version());
        JsonNode network = version.lineage().network();
        if (network == null) {
            throw invalid(
                    "/network/base/version",
                    "was imported from a DL4J zip of another program, whose layers are not known here by name; it can"
                            + " predict, but training cannot go on from it");
        }
        if (!network.has("freeze")) {
            throw invalid("/network/base/version", "was trained by an earlier release, whose weights have other names");
        }
        NetworkSpec trained = trained(version);
        if (!trained.inputShape().equals(dataset)) {
            throw invalid(
                    "/network/base",
                    "takes rows of shape " + trained.inputShape() + ", but the dataset's have shape " + dataset);
        }
        List<String> names = NetworkGraph.of(trained).nodes().stream()
                .map(NetworkGraph.Node::name)
                .toList();
        String until = base.until() == null ? names.get(names.size() - 1) : base.until();
        if (!names.contains(until)) {
            throw invalid("/network/base/until", "there is no layer '" + until + "' in the base; it has " + names);
        }
        if (base.until() == null && request.layers() != null) {
            throw invalid(
                    "/network/base/until",
                    "is required where layers are put after the base's: the last of its layers to keep, of " + names);
        }
        List<LayerSpec> layers = new ArrayList<>(trained.layers().subList(0, names.indexOf(until) + 1));
        if (request.layers() != null) {
            boolean whole = request.inputShape() != null && beginsWith(request.layers(), layers);
            layers.addAll(request.layers()
                    .subList(whole ? layers.size() : 0, request.layers().size()));
        }
        return new NetworkSpec(
                dataset, layers, freeze, new NetworkSpec.BaseVersion(version.model(), version.version(), until));
    }

    private static boolean beginsWith(List<LayerSpec> layers, List<LayerSpec> first) {
        return layers.size() >= first.size() && layers.subList(0, first.size()).equals(first);
    }

    /** The network of a version whose network is known. */
    NetworkSpec trained(ModelVersion version) {
        return json.treeToValue(requireNonNull(version.lineage().network()), NetworkSpec.class);
    }

    private void checkMemory(NetworkSummary summary) {
        long needed = summary.memory().totalBytes();
        long limit = memoryLimit();
        if (needed > limit) {
            throw new ProblemException(
                    ProblemType.INSUFFICIENT_MEMORY,
                    "Training needs about " + DataSize.ofBytes(needed).toMegabytes() + " MB, of which weights "
                            + DataSize.ofBytes(summary.memory().weightsBytes()).toMegabytes() + " MB, optimizer "
                            + DataSize.ofBytes(summary.memory().updaterBytes()).toMegabytes() + " MB, activations "
                            + DataSize.ofBytes(summary.memory().activationsBytes())
                                    .toMegabytes()
                            + " MB; the limit is " + DataSize.ofBytes(limit).toMegabytes()
                            + " MB (trainyard.training.memory-limit). Make the network or batch_size smaller.");
        }
    }

    private long memoryLimit() {
        DataSize limit = properties.memoryLimit();
        return limit != null
                ? limit.toBytes()
                : ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize() / 2;
    }

    private static ProblemException invalid(String pointer, String detail) {
        FieldError error = new FieldError(pointer, detail);
        return new ProblemException(ProblemType.INVALID_NETWORK, pointer + ": " + detail, List.of(error));
    }
}
