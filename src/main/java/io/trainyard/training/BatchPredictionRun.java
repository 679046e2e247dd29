package io.trainyard.training;

import io.opentelemetry.api.trace.Span;
import io.trainyard.artifact.Artifact;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Rows;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import io.trainyard.engine.Device;
import io.trainyard.engine.Figures;
import io.trainyard.engine.InferenceNetwork;
import io.trainyard.model.ModelVersion;
import io.trainyard.network.MetricSpec;
import io.trainyard.network.NetworkSummary;
import io.trainyard.problem.FileFaults;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One attempt of a batch prediction: goes on after the rows of the last checkpoint, predicts those that are left, then
 * publishes the file. Rows go through the network in the same batches whatever happens, so that the file has the same bytes.
 */
final class BatchPredictionRun {

    private static final List<MetricSpec> CLASS_METRICS = List.of(new MetricSpec.Accuracy());
    private static final List<MetricSpec> NUMBER_METRICS = List.of(
            new MetricSpec.MeanAbsoluteError(), new MetricSpec.RootMeanSquaredError(), new MetricSpec.R2Score());
    /** Of which it was checked, before the network was trained, that there is memory for it. */
    private static final int BATCH = NetworkSummary.EVALUATION_BATCH;

    private final Lease lease;
    private final JobRow job;
    private final BatchPredictionSpec spec;
    private final DatasetVersion dataset;
    private final ModelVersion version;
    private final RunServices services;
    private final BooleanSupplier workerStopping;
    private final DatabaseRetry retry;
    private final RunLog log;

    BatchPredictionRun(
            Lease lease, JobRow job, DatasetVersion dataset, RunServices services, BooleanSupplier workerStopping) {
        this.lease = lease;
        this.job = job;
        this.spec = services.json().readValue(job.spec, BatchPredictionSpec.class);
        this.dataset = dataset;
        this.version = services.models().get(spec.model(), spec.version());
        this.services = services;
        this.workerStopping = workerStopping;
        this.retry = new DatabaseRetry(workerStopping);
        this.log = new RunLog(lease, retry);
    }

    /**
     * @throws JobFailedException when the job cannot succeed
     * @throws JobCancelledException when its user has cancelled it
     * @throws JobPausedException when its user has paused it
     * @throws LeaseLostException when another attempt has begun
     * @throws WorkerStoppingException when this process is to end
     */
    void run() {
        Rows rows = services.datasets().open(dataset, spec.split());
        TrueLabels labels = new TrueLabels(rows, dataset.target(), version.target());
        Device device = services.engine().device();
        log.add(
                "attempt %d on %s (%s, %d threads)",
                lease.attempt(), device.name(), device.backend(), device.threads());
        log.add(
                "%s version %d predicts the %d rows of the %s split of %s version %d",
                version.model(), version.version(), rows.count(), spec.split(), dataset.name(), dataset.version());
        try (InferenceNetwork network = load();
                PredictionDraft draft = begin()) {
            retry.run(() -> lease.begin(draft.position()));
            services.traces().step("predict", () -> predict(network, rows, labels, draft));
            services.traces().step("publish", () -> publish(draft, labels));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InferenceNetwork load() throws IOException {
        return services.engine()
                .loadForBatches(
                        services.models().artifact(version),
                        version.encoding().inputShape(),
                        version.target().answers());
    }

    /** The draft of the last checkpoint that is whole, or an empty one. */
    private PredictionDraft begin() throws IOException {
        Path file = services.checkpoints().draft(lease.jobId(), lease.attempt());
        PredictionLines lines = spec.format().lines(version.target().classes(), services.json());
        for (SavedCheckpoint saved : retry.call(lease::checkpoints)) {
            int rows = saved.position().iteration();
            try {
                Path checkpoint = services.checkpoints().verified(lease.jobId(), saved.file(), saved.artifact());
                PredictionDraft draft = PredictionDraft.resume(checkpoint, file, lines, figures());
                log.add("goes on after %d rows, from the checkpoint of attempt %d", rows, saved.attempt());
                return draft;
            } catch (IOException | ProblemException unusable) {
                log.add("the checkpoint after %d rows is not used: %s", rows, FileFaults.reason(unusable));
            }
        }
        return PredictionDraft.begin(file, lines, figures());
    }

    private Figures figures() {
        boolean classes = version.target() instanceof Target.Classes;
        return new Figures(
                classes ? CLASS_METRICS : NUMBER_METRICS,
                version.target().classes().size());
    }

    /** Returns the number of rows. */
    private int predict(InferenceNetwork network, Rows rows, TrueLabels labels, PredictionDraft draft) {
        RunControl control = new RunControl(
                lease,
                draft::position,
                draft::save,
                retry,
                workerStopping,
                services,
                spec.maxRuntimeSeconds(),
                job.runtimeSeconds);
        int width = version.target().answers();
        while (draft.rows() < rows.count()) {
            int first = draft.rows();
            int count = Math.min(BATCH, rows.count() - first);
            float[] answers = network.predict(encoded(rows, first, count), count);
            for (int i = 0; i < count; i++) {
                draft.add(labels.of(first + i), answers, i * width);
                if (labels.isComparable()) {
                    draft.judge(answers, i * width, width, labels.target(first + i));
                }
            }
            services.meters().predicted(count);
            control.afterBatch(rows.count());
        }
        Span.current().setAttribute("trainyard.rows", draft.rows());
        return draft.rows();
    }

    /** By the version's encoding, as a client's rows are, whatever that of the dataset is. */
    private float[] encoded(Rows rows, int first, int count) {
        Encoding own = version.encoding();
        boolean same = !(own instanceof ColumnEncoding) || own.equals(dataset.encoding());
        // The same text may have another raw value there.
        boolean texts = !same && !(isNumeric(own) && isNumeric(dataset.encoding()));
        int size = own.encodedSize();
        int rawSize = own.rawSize();
        float[] features = new float[count * size];
        for (int i = 0; i < count; i++) {
            rows.copyRaw(first + i, features, i * size);
            // What may be missing there may be required here.
            if (texts || (!same && hasMissing(features, i * size, rawSize))) {
                System.arraycopy(raw(rows, first + i), 0, features, i * size, rawSize);
            }
            own.encode(features, i * size);
        }
        return features;
    }

    private static boolean isNumeric(Encoding encoding) {
        return encoding instanceof ColumnEncoding table && table.isNumeric();
    }

    private static boolean hasMissing(float[] features, int offset, int rawSize) {
        for (int i = offset; i < offset + rawSize; i++) {
            if (Float.isNaN(features[i])) {
                return true;
            }
        }
        return false;
    }

    private float[] raw(Rows rows, int row) {
        try {
            return version.encoding().raw(dataset.encoding().instance(rows.raw(row)));
        } catch (InvalidFieldException unfit) {
            throw new JobFailedException("row " + row + ": " + unfit.field() + " " + unfit.detail());
        }
    }

    /** Bytes first; then, in one transaction, the file's row and the end of the job. */
    private Artifact publish(PredictionDraft draft, TrueLabels labels) {
        Artifact file = services.artifacts().put(draft::copyTo);
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (labels.isComparable()) {
            draft.figures().metrics().forEach((name, value) -> {
                // JSON has no word for what is no number.
                if (Double.isFinite(value)) {
                    metrics.put(name, value);
                }
            });
        }
        JobView.Result result = new JobView.Result(
                version.model(),
                version.version(),
                metrics,
                new JobView.PredictionFile(spec.format(), file.sha256(), file.bytes(), draft.rows()));
        String written = services.json().writeValueAsString(result);
        retry.run(() -> services.transaction().executeWithoutResult(status -> {
            lease.lock();
            lease.log("published " + draft.rows() + " rows, artifact " + file.sha256());
            lease.succeeded(file, written);
        }));
        return file;
    }
}
