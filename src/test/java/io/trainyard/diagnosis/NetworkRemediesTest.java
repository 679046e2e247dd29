package io.trainyard.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.flipkart.zjsonpatch.Jackson3JsonPatch;
import io.trainyard.network.NetworkGraph;
import io.trainyard.training.JobSpec;
import io.trainyard.training.JobStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where layers are put, and where none are. */
class NetworkRemediesTest {

    private static final String SOFTMAX = "{\"type\": \"dense\", \"units\": 10, \"activation\": \"softmax\"}";

    @Test
    void dropoutComesBehindTheActivation() {
        JsonNode spec = spec("""
                {"input_shape": [28, 28, 1], "layers": [
                  {"type": "conv2d", "filters": 4, "kernel_size": 3}, {"type": "flatten"},
                  {"type": "dense", "units": 20, "use_bias": false}, {"type": "batch_normalization"},
                  {"type": "activation", "activation": "relu"}, %s]}
                """.formatted(SOFTMAX));
        assertThat(types(spec, remedies(spec).dropout()))
                .containsExactly("conv2d", "flatten", "dense", "batch_normalization", "activation", "dropout", "dense");
    }

    @Test
    void dropoutComesBeforeTheAnswerWhereNoDenseLayerIsHidden() {
        JsonNode spec = spec("""
                {"input_shape": [28, 28, 1], "layers": [
                  {"type": "reshape", "target_shape": [28, -1]}, {"type": "lstm", "units": 8}, %s]}
                """.formatted(SOFTMAX));
        assertThat(types(spec, remedies(spec).dropout())).containsExactly("reshape", "lstm", "dropout", "dense");
        assertThat(remedies(spec).saturating()).isEmpty();
    }

    @Test
    void dropoutThatIsThereIsRaised() {
        JsonNode spec = spec("""
                {"input_shape": [4], "layers": [
                  {"type": "dense", "units": 20, "activation": "relu"}, {"type": "dropout", "rate": 0.3}, %s]}
                """.formatted(SOFTMAX));
        assertThat(remedies(spec).dropout().orElseThrow().changes())
                .containsExactly(Change.replace("/network/layers/1/rate", 0.4));
    }

    @Test
    void branchesStayWhole() {
        JsonNode spec = spec("""
                {"input_shape": [6], "layers": [
                  {"type": "dense", "name": "stem", "units": 16, "activation": "tanh"},
                  {"type": "dense", "name": "gate", "units": 16, "activation": "sigmoid"},
                  {"type": "multiply", "name": "gated", "inputs": ["stem", "gate"]},
                  {"type": "dense", "name": "left", "units": 16, "activation": "tanh", "inputs": ["gated"]},
                  {"type": "add", "inputs": ["stem", "left"]}, %s]}
                """.formatted(SOFTMAX));
        NetworkRemedies remedies = remedies(spec);
        // The stem is multiplied with as well as the gate.
        assertThat(remedies.saturating()).containsExactly(3);
        for (Optional<Suggestion> remedy : List.of(remedies.dropout(), remedies.hiddenLayer(), remedies.useRelu())) {
            assertThat(graph(changed(spec, remedy.orElseThrow()))
                            .output()
                            .outputShape()
                            .size())
                    .isEqualTo(10);
        }
    }

    @Test
    void namesOfLayersDoNotMoveOn() {
        JsonNode spec = spec("""
                {"input_shape": [6], "freeze": ["dense"], "layers": [
                  {"type": "dense", "units": 16, "activation": "relu"}, {"type": "dense", "units": 16, "activation": "relu"}, %s]}
                """.formatted(SOFTMAX));
        NetworkRemedies remedies = remedies(spec);
        assertThat(graph(changed(spec, remedies.hiddenLayer().orElseThrow())).nodes())
                .extracting(NetworkGraph.Node::name)
                .containsExactly("dense", "dense_1", "hidden", "dense_2");
        // What is frozen stays as wide as it is.
        assertThat(remedies.fewerWeights().orElseThrow().changes())
                .containsExactly(Change.replace("/network/layers/1/units", 8));
    }

    @Test
    void layersOfABaseStayAsTheyAre() {
        String layers = """
                "layers": [{"type": "dense", "units": 16, "activation": "tanh"},
                           {"type": "dense", "units": 16, "activation": "tanh"}, %s]
                """.formatted(SOFTMAX);
        JsonNode all = spec("""
                {"input_shape": [6], "base": {"model": "m", "version": 1, "until": "dense_2"}, %s}
                """.formatted(layers));
        NetworkRemedies none = remedies(all);
        assertThat(List.of(
                        none.dropout(),
                        none.useRelu(),
                        none.hiddenLayer(),
                        none.fewerWeights(),
                        none.moreWeights(),
                        none.convolution()))
                .allMatch(Optional::isEmpty);
        JsonNode first = spec("""
                {"input_shape": [6], "base": {"model": "m", "version": 1, "until": "dense"}, %s}
                """.formatted(layers));
        assertThat(remedies(first).useRelu().orElseThrow().changes())
                .containsExactly(Change.replace("/network/layers/1/activation", "relu"));
        assertThat(types(first, remedies(first).dropout())).containsExactly("dense", "dense", "dropout", "dense");
    }

    @Test
    void convolutionIsForPicturesThatAreFlattenedAtOnce() {
        JsonNode picture =
                spec("{\"input_shape\": [8, 8, 1], \"layers\": [{\"type\": \"flatten\"}, %s]}".formatted(SOFTMAX));
        assertThat(types(picture, remedies(picture).convolution()))
                .containsExactly("conv2d", "max_pooling2d", "flatten", "dense");
        JsonNode row = spec("{\"input_shape\": [64], \"layers\": [%s]}".formatted(SOFTMAX));
        assertThat(remedies(row).convolution()).isEmpty();
    }

    private static JsonNode spec(String network) {
        ObjectNode spec = (ObjectNode) Recorded.spec("rung-1");
        return spec.set("network", Recorded.JSON.readTree(network));
    }

    private static NetworkRemedies remedies(JsonNode spec) {
        return new NetworkRemedies(Curves.of(
                Recorded.JSON.treeToValue(spec, JobSpec.class),
                JobStatus.RUNNING,
                List.of(),
                new HeldOut(1, List.of())));
    }

    private static JsonNode changed(JsonNode spec, Suggestion suggestion) {
        return Jackson3JsonPatch.apply(Recorded.JSON.valueToTree(suggestion.changes()), spec);
    }

    private static NetworkGraph graph(JsonNode spec) {
        return NetworkGraph.of(Recorded.JSON.treeToValue(spec, JobSpec.class).network());
    }

    private static List<String> types(JsonNode spec, Optional<Suggestion> remedy) {
        JsonNode changed = changed(spec, remedy.orElseThrow());
        graph(changed);
        JsonNode layers = changed.at("/network/layers");
        return IntStream.range(0, layers.size())
                .mapToObj(i -> layers.get(i).get("type").stringValue())
                .toList();
    }
}
