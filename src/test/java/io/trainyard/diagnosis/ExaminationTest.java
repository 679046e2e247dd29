package io.trainyard.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.flipkart.zjsonpatch.Jackson3JsonPatch;
import io.trainyard.network.Fit;
import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.Task;
import io.trainyard.network.TrainingSpec;
import io.trainyard.training.JobRequest;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is found, and what is not, in curves of jobs that were really run. */
class ExaminationTest {

    private static final JsonMapper STRICT = Recorded.JSON
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static List<String> recorded() {
        return Recorded.ALL;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rung-1", "rung-1-seed-1", "rung-1-seed-2"})
    void rung1IsTooSmall(String job) {
        Finding finding = only(job);
        assertThat(finding.code()).isEqualTo(Finding.Code.UNDERFITTING);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.PROBLEM);
        assertThat(codes(finding)).containsExactly("add_hidden_layer", "add_convolution");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rung-2", "rung-2-seed-1", "rung-2-seed-2"})
    void rung2BarelyLearnsSinceItsGradientVanishes(String job) {
        Finding finding = only(job);
        assertThat(finding.code()).isEqualTo(Finding.Code.SLOW);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.PROBLEM);
        assertThat(finding.suggestions().get(0).changes())
                .extracting(Change::op, Change::path, change -> change.value().asString())
                .containsExactly(
                        tuple(Change.Operation.REPLACE, "/network/layers/1/activation", "relu"),
                        tuple(Change.Operation.REPLACE, "/network/layers/2/activation", "relu"));
        assertThat(codes(finding)).startsWith("use_relu", "use_adam");
    }

    /** At a constant rate the curve is restless as well, but training has not stalled: a hint. */
    @ParameterizedTest
    @ValueSource(strings = {"rung-3", "rung-3-seed-1", "rung-3-seed-2"})
    void rung3OverfitsAndIsALittleRestless(String job) {
        List<Finding> findings = findings(job);
        assertThat(findings)
                .extracting(Finding::code)
                .containsExactlyInAnyOrder(Finding.Code.OVERFITTING, Finding.Code.NOISY);
        assertThat(finding(findings, Finding.Code.NOISY).severity()).isEqualTo(Finding.Severity.HINT);
        assertThat(codes(finding(findings, Finding.Code.OVERFITTING)))
                .containsExactly("add_dropout", "augment_pictures", "early_stopping", "fewer_weights");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rung-4", "rung-4-seed-1", "rung-4-seed-2"})
    void rung4IsNoisyAndItsRateShouldDecay(String job) {
        Finding finding = findings(job).get(0);
        assertThat(finding.code()).isEqualTo(Finding.Code.NOISY);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.PROBLEM);
        assertThat(codes(finding)).containsExactly("decay_learning_rate", "lower_learning_rate");
        // Rung 5, to the letter.
        assertThat(changed(job, finding.suggestions().get(0)).at("/training/learning_rate_schedule"))
                .isEqualTo(STRICT.readTree("{\"type\": \"exponential\", \"decay_rate\": 0.6}"));
    }

    /** Its validation loss ends within 3% of its minimum: the gap opens, but little is lost. */
    @ParameterizedTest
    @ValueSource(strings = {"rung-5", "rung-5-seed-1", "rung-5-seed-2"})
    void rung5OverfitsMildlyAndIsNoLongerNoisy(String job) {
        Finding finding = only(job);
        assertThat(finding.code()).isEqualTo(Finding.Code.OVERFITTING);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.HINT);
        assertThat(finding.suggestions().get(0).changes())
                .extracting(Change::op, Change::path)
                .containsExactly(
                        tuple(Change.Operation.ADD, "/network/layers/3"),
                        tuple(Change.Operation.ADD, "/network/layers/2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rung-6", "rung-6-seed-1", "rung-6-seed-2"})
    void rung6IsHealthy(String job) {
        assertThat(only(job).code()).isEqualTo(Finding.Code.HEALTHY);
    }

    @Test
    void rung7OverfitsAndWantsTheDropoutOfRung8() {
        Finding finding = only("rung-7");
        assertThat(finding.code()).isEqualTo(Finding.Code.OVERFITTING);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.PROBLEM);
        assertThat(finding.evidence().get(0))
                .extracting(Evidence::metric, Evidence::epoch)
                .containsExactly("val_loss", 5);
        JsonNode layers = changed("rung-7", finding.suggestions().get(0)).at("/network/layers");
        assertThat(layers.get(5)).isEqualTo(STRICT.readTree("{\"type\": \"dropout\", \"rate\": 0.3}"));
        assertThat(layers).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rung-8", "rung-8-seed-1", "rung-9"})
    void rungs8And9HaveNoSeriousProblem(String job) {
        assertThat(findings(job)).extracting(Finding::severity).doesNotContain(Finding.Severity.PROBLEM);
        assertThat(findings(job)).extracting(Finding::code).doesNotContain(Finding.Code.NOISY);
    }

    @Test
    void lossThatIsNoNumberHasDiverged() {
        Finding finding = only("friedman1-diverged");
        assertThat(finding.code()).isEqualTo(Finding.Code.DIVERGED);
        assertThat(finding.detail()).startsWith("In epoch 1 ");
        assertThat(codes(finding)).containsExactly("lower_learning_rate", "clip_gradients");
        assertThat(changed("friedman1-diverged", finding.suggestions().get(0))
                        .at("/training/optimizer/learning_rate")
                        .doubleValue())
                .isEqualTo(1);
    }

    @Test
    void lossThatIsFarAboveGuessingHasDiverged() {
        assertThat(only("exploding").code()).isEqualTo(Finding.Code.DIVERGED);
    }

    @Test
    void flatLossIsExplainedByTheSpecAndTheFirstEpoch() {
        for (String job : List.of("vanishing-deep", "rate-too-low", "friedman1-rate-too-low", "dead-relu")) {
            assertThat(only(job).code()).as(job).isEqualTo(Finding.Code.NOT_LEARNING);
        }
        assertThat(codes(only("vanishing-deep"))).startsWith("use_relu");
        assertThat(codes(only("rate-too-low"))).containsExactly("raise_learning_rate", "use_adam");
        assertThat(codes(only("friedman1-rate-too-low"))).containsExactly("raise_learning_rate", "use_adam");
        assertThat(codes(only("dead-relu"))).startsWith("lower_learning_rate");
    }

    /** With this seed rung 7 gives every row the same answer from its first epoch on: its relu units have died. */
    @Test
    void deadUnitsAreToldFromARateThatIsTooLow() {
        Finding finding = only("rung-7-seed-1");
        assertThat(finding.code()).isEqualTo(Finding.Code.NOT_LEARNING);
        assertThat(codes(finding)).containsExactly("lower_learning_rate", "clip_gradients");
    }

    @Test
    void lossThatStillFallsWantsMoreEpochs() {
        for (String job : List.of("under-trained", "friedman1-under-trained")) {
            assertThat(only(job).code()).as(job).isEqualTo(Finding.Code.UNDER_TRAINED);
        }
        assertThat(codes(only("under-trained"))).containsExactly("more_epochs", "raise_learning_rate");
        assertThat(codes(only("friedman1-under-trained"))).containsExactly("more_epochs");
    }

    @Test
    void numbersAreDiagnosedLikeClasses() {
        assertThat(only("friedman1").code()).isEqualTo(Finding.Code.HEALTHY);
        assertThat(only("friedman1-linear").code()).isEqualTo(Finding.Code.UNDERFITTING);
        assertThat(only("friedman1-noisy").code()).isEqualTo(Finding.Code.NOISY);
        assertThat(findings("friedman1-overfitting")).extracting(Finding::code).contains(Finding.Code.OVERFITTING);
    }

    @Test
    void smallTablesAreDiagnosedWithTheirUncertainty() {
        assertThat(only("moons-linear").code()).isEqualTo(Finding.Code.UNDERFITTING);
        assertThat(only("digits-overfitting").code()).isEqualTo(Finding.Code.OVERFITTING);
        // The loss over 30 flowers jumps by 8%, which says nothing about the rate.
        assertThat(findings("iris")).extracting(Finding::code).doesNotContain(Finding.Code.NOISY);
        assertThat(findings("iris")).extracting(Finding::severity).doesNotContain(Finding.Severity.PROBLEM);
    }

    @Test
    void earlyStoppingIsNotSuggestedToAJobThatHasIt() {
        assertThat(findings("early-stopped")).extracting(Finding::severity).doesNotContain(Finding.Severity.PROBLEM);
        assertThat(codes(finding(findings("early-stopped"), Finding.Code.OVERFITTING)))
                .doesNotContain("early_stopping", "restore_best_weights");
    }

    @Test
    void fewEpochsAreTooEarlyToTell() {
        assertThat(only("iris-short").code()).isEqualTo(Finding.Code.TOO_EARLY);
        assertThat(codes(only("iris-short"))).containsExactly("more_epochs");
        for (int epochs = 0; epochs < Thresholds.FEW_EPOCHS; epochs++) {
            Curves running = Recorded.curves("rung-7", epochs, 1);
            List<Finding> findings = Examination.findings(running);
            assertThat(findings).extracting(Finding::code).containsExactly(Finding.Code.TOO_EARLY);
            assertThat(findings.get(0).suggestions()).isEmpty();
            assertThat(Examination.summary(running, findings)).startsWith("After " + epochs + " of 10 epochs so far");
        }
    }

    /** Whoever watches is never told of a problem that the end does not have. */
    @ParameterizedTest
    @ValueSource(strings = {"rung-6", "friedman1"})
    void healthyJobHasNoProblemWhileItRuns(String job) {
        assertThat(IntStream.rangeClosed(1, Recorded.curves(job).length())
                        .mapToObj(epochs -> Examination.findings(Recorded.curves(job, epochs, 1)))
                        .flatMap(List::stream))
                .extracting(Finding::severity)
                .doesNotContain(Finding.Severity.PROBLEM);
    }

    /** In other units the numbers of the losses are others, and what is found is the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "friedman1",
                "friedman1-linear",
                "friedman1-noisy",
                "friedman1-overfitting",
                "friedman1-rate-too-low",
                "friedman1-under-trained"
            })
    void unitOfTheLossDoesNotMatter(String job) {
        for (double unit : List.of(1e-9, 1e9)) {
            assertThat(Examination.findings(Recorded.curves(job, Integer.MAX_VALUE, unit)))
                    .extracting(Finding::code)
                    .as(job + " in units of " + unit)
                    .isEqualTo(findings(job).stream().map(Finding::code).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void everySuggestionGivesASpecThatFits(String job) {
        Curves curves = Recorded.curves(job);
        Task task = curves.heldOut().classCounts().isEmpty() ? Task.REGRESSION : Task.CLASSIFICATION;
        int outputs = curves.graph().output().outputShape().size();
        for (Finding finding : Examination.findings(curves)) {
            assertThat(codes(finding)).doesNotHaveDuplicates();
            for (Suggestion suggestion : finding.suggestions()) {
                JsonNode spec = changed(job, suggestion);
                assertThat(spec).as(suggestion.code()).isNotEqualTo(Recorded.spec(job));
                JobRequest request = STRICT.treeToValue(spec, JobRequest.class);
                NetworkGraph graph = NetworkGraph.of(NetworkSpec.of(
                        Objects.requireNonNull(request.network().inputShape()),
                        Objects.requireNonNull(request.network().layers())));
                Fit.checkOutput(graph, task, outputs);
                TrainingSpec training = Objects.requireNonNull(request.training())
                        .complete(task, graph.output().layer().outputActivation());
                Fit.checkTraining(graph, training, task, List.of());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void everyFindingSaysWhatItIsBasedOn(String job) {
        Curves curves = Recorded.curves(job);
        List<Finding> findings = Examination.findings(curves);
        assertThat(findings).extracting(Finding::severity).isSorted();
        for (Finding finding : findings) {
            assertThat(finding.evidence().isEmpty()).isEqualTo(curves.length() == 0);
            assertThat(finding.evidence()).allSatisfy(evidence -> assertThat(curves.measured()
                            .get(evidence.epoch() - 1)
                            .figures()
                            .get(evidence.metric()))
                    .isEqualTo(evidence.value()));
        }
        assertThat(Examination.summary(curves, findings)).startsWith("After ").endsWith(".");
    }

    private static Finding only(String job) {
        List<Finding> findings = findings(job);
        assertThat(findings).as(job).hasSize(1);
        return findings.get(0);
    }

    private static List<Finding> findings(String job) {
        return Examination.findings(Recorded.curves(job));
    }

    private static Finding finding(List<Finding> findings, Finding.Code code) {
        return findings.stream()
                .filter(finding -> finding.code() == code)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> codes(Finding finding) {
        return finding.suggestions().stream().map(Suggestion::code).toList();
    }

    private static JsonNode changed(String job, Suggestion suggestion) {
        return Jackson3JsonPatch.apply(STRICT.valueToTree(suggestion.changes()), Recorded.spec(job));
    }

    /** Who always tells the one class that is held out loses nothing: there is no such scale. */
    @Test
    void heldOutRowsOfOneClassAreNoExplosion() {
        List<Finding> findings = Examination.findings(Recorded.curves("iris", new HeldOut(30, List.of(30, 0, 0))));
        assertThat(findings).extracting(Finding::code).doesNotContain(Finding.Code.DIVERGED);
    }
}
