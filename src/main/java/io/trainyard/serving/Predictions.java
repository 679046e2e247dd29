package io.trainyard.serving;

import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.encoding.Ranking;
import io.trainyard.model.ModelVersion;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The facade of this module: answers instances with an exact model version. */
@Component
@Profile("api")
public class Predictions {

    private final Inference inference;
    private final LoadedModels loaded;

    Predictions(Inference inference, LoadedModels loaded) {
        this.inference = inference;
        this.loaded = loaded;
    }

    /** Whether a version is in the memory of this process, or on its way there. */
    public boolean isLoaded(String model, int version) {
        return loaded.all().stream()
                .map(LoadedModels.View::version)
                .anyMatch(view -> view.model().equals(model) && view.version() == version);
    }

    /** Raw rows of a model, whose form its encoding knows. */
    @FunctionalInterface
    interface Rows {
        List<Instance> of(Encoding encoding) throws IOException;
    }

    /**
     * @param rows asked for once the version is known
     * @throws ProblemException NOT_FOUND, INVALID_INSTANCE, PAYLOAD_TOO_LARGE, CAPACITY_EXCEEDED, DEADLINE_EXCEEDED or
     *     ARTIFACT_DAMAGED
     * @throws IOException when the rows' stream fails
     */
    PredictResponse predict(Question question, Rows rows) throws IOException {
        Route route = inference.route(question.model(), question.version());
        ModelVersion version = route.version();
        int answers = version.target().answers();
        List<String> classes = version.target().classes();
        Integer topK = question.topK();
        if (topK != null && topK > classes.size()) {
            throw new InvalidFieldException("/top_k", "must be at most the number of classes, " + classes.size());
        }
        List<Instance> instances = rows.of(version.encoding());
        Answered answered = inference.run(route, instances, question.timeout());
        MicroBatcher.Answer answer = answered.answer();
        List<PredictResponse.Prediction> predictions = IntStream.range(0, instances.size())
                .mapToObj(row -> classes.isEmpty()
                        ? PredictResponse.Prediction.ofValue(answer.values()[row])
                        : prediction(
                                classes, Arrays.copyOfRange(answer.values(), row * answers, (row + 1) * answers), topK))
                .toList();
        return new PredictResponse(version.model(), answered.version().version(), predictions, Timing.of(answer));
    }

    private static PredictResponse.Prediction prediction(
            List<String> classes, float[] probabilities, @Nullable Integer topK) {
        List<PredictResponse.Candidate> ranking = Arrays.stream(
                        Ranking.best(probabilities, 0, probabilities.length, topK == null ? 1 : topK))
                .mapToObj(i -> new PredictResponse.Candidate(classes.get(i), probabilities[i]))
                .toList();
        PredictResponse.Candidate best = ranking.get(0);
        return new PredictResponse.Prediction(
                best.label(), best.probability(), probabilities, topK == null ? null : ranking, null);
    }
}
