package io.trainyard.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Actor;
import io.trainyard.dataset.Datasets;
import io.trainyard.encoding.Instance;
import io.trainyard.encoding.Thumbnail;
import io.trainyard.model.Alias;
import io.trainyard.model.Aliases;
import io.trainyard.model.ClassificationEvaluation;
import io.trainyard.model.Lineage;
import io.trainyard.model.Model;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.RegressionEvaluation;
import io.trainyard.model.VersionView;
import io.trainyard.problem.ProblemException;
import io.trainyard.rollout.Rollout;
import io.trainyard.rollout.Rollouts;
import io.trainyard.serving.Predictions;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.ModelMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of models, a model with its versions and aliases, and a version with what it gets wrong. */
@Controller
@Profile("api")
@Hidden
class ModelsPages {

    private static final int PAGE = 25;
    private static final int MOVES = 50;
    private static final int MOST_PAIRS = 12;
    private static final List<Integer> TICKS = List.of(0, 25, 50, 75, 100);
    private static final int MOST_COLUMNS = 4;
    /** Of an example that is to be read. */
    private static final int MOST_VALUES = 100;
    /** Pixels of all pictures of a page, so that it stays one that can be sent. */
    private static final int MOST_PIXELS = 2_000_000;

    private final Models models;
    private final Aliases aliases;
    private final Rollouts rollouts;
    private final Datasets datasets;
    private final Predictions predictions;
    private final Show show;
    private final Visitor visitor;

    ModelsPages(
            Models models,
            Aliases aliases,
            Rollouts rollouts,
            Datasets datasets,
            Predictions predictions,
            Show show,
            Visitor visitor) {
        this.models = models;
        this.aliases = aliases;
        this.rollouts = rollouts;
        this.datasets = datasets;
        this.predictions = predictions;
        this.show = show;
        this.visitor = visitor;
    }

    /**
     * A model in the list.
     *
     * @param newest null when all its versions have been deleted
     */
    record Listed(Model model, @Nullable ModelVersion newest, List<Alias> aliases) {}

    /**
     * An alias with what goes on behind it.
     *
     * @param previous the version at which it pointed before; null where there was none
     */
    record Pointing(
            Alias alias,
            @Nullable Rollout rollout,
            @Nullable Integer previous) {}

    /**
     * A row that was answered wrongly.
     *
     * @param measure how wrongly: the probability, or the error
     */
    record Mistake(
            int row,
            String truth,
            String answer,
            String measure,
            @Nullable String picture,
            List<@Nullable Object> values) {}

    @GetMapping("/models")
    String list(@RequestParam(defaultValue = "") String cursor, Actor actor, ModelMap page) {
        List<String> names = models.names(cursor, PAGE + 1, actor);
        page.addAttribute("models", names.stream().limit(PAGE).map(this::listed).toList());
        page.addAttribute("first", cursor.isEmpty());
        page.addAttribute("next", names.size() > PAGE ? names.get(PAGE - 1) : null);
        return "models";
    }

    private Listed listed(String name) {
        List<ModelVersion> newest = models.versionsOf(name, 1);
        return new Listed(model(name), newest.isEmpty() ? null : newest.get(0), aliases.of(name));
    }

    private Model model(String name) {
        return models.find(name).orElseThrow(() -> ProblemException.notFound("model", name));
    }

    @GetMapping("/models/{name}")
    String model(@PathVariable String name, HttpServletRequest request, ModelMap page) {
        page.addAttribute("model", model(name));
        List<VersionView> versions = models.versionsOf(name, Models.MAX_VERSIONS_LISTED).stream()
                .map(VersionView::of)
                .toList();
        page.addAttribute("versions", versions);
        page.addAttribute(
                "columns",
                versions.stream()
                        .flatMap(version -> version.metrics().keySet().stream())
                        .distinct()
                        .limit(MOST_COLUMNS)
                        .toList());
        page.addAttribute(
                "aliases",
                aliases.of(name).stream().map(alias -> pointing(name, alias)).toList());
        return Fragments.wanted(request) ? "model :: state" : "model";
    }

    private Pointing pointing(String model, Alias alias) {
        List<Aliases.NumberedMove> last = aliases.history(model, alias.alias(), Long.MAX_VALUE, 1);
        return new Pointing(
                alias,
                rollouts.live(model, alias.alias()).orElse(null),
                last.isEmpty() ? null : last.get(0).move().previousVersion());
    }

    /** Moves of an alias, the latest first, from one on. */
    @GetMapping("/models/{name}/aliases/{alias}/history")
    String history(
            @PathVariable String name,
            @PathVariable String alias,
            @RequestParam(required = false) @Nullable Long before,
            ModelMap page) {
        List<Aliases.NumberedMove> moves =
                aliases.history(name, alias, before == null ? Long.MAX_VALUE : before, MOVES + 1);
        if (moves.isEmpty()) {
            throw ProblemException.notFound("alias", name + "/" + alias);
        }
        page.addAttribute("name", name);
        page.addAttribute("alias", alias);
        page.addAttribute(
                "moves",
                moves.stream().limit(MOVES).map(Aliases.NumberedMove::move).toList());
        page.addAttribute("before", moves.size() > MOVES ? moves.get(MOVES - 1).id() : null);
        return "model :: history";
    }

    @GetMapping("/models/{name}/versions/{number}")
    String version(@PathVariable String name, @PathVariable int number, HttpServletRequest request, ModelMap page) {
        ModelVersion version = models.get(name, number);
        HeldOutRows rows = version.lineage() instanceof Lineage.Trained trained
                ? HeldOutRows.of(trained.dataset(), version.encoding(), datasets)
                : HeldOutRows.none(version.encoding());
        page.addAttribute("version", VersionView.of(version));
        page.addAttribute("layers", Layers.of(version.summary()));
        page.addAttribute("takes", version.encoding().rowForm());
        page.addAttribute("loaded", predictions.isLoaded(name, number));
        page.addAttribute(
                "aliases",
                aliases.of(name).stream()
                        .filter(alias -> alias.version() == number)
                        .map(Alias::alias)
                        .toList());
        page.addAttribute("rows", rows);
        page.addAttribute("call", call(version, rows));
        if (version.evaluation() instanceof ClassificationEvaluation evaluation) {
            page.addAttribute("classes", evaluation);
            page.addAttribute("mistakes", mistakes(evaluation, rows));
            page.addAttribute("confusion", Confusion.of(evaluation));
            page.addAttribute("most", MOST_PAIRS);
            page.addAttribute("ticks", TICKS);
            int total = evaluation.classes().stream()
                    .mapToInt(ClassificationEvaluation.ClassScore::support)
                    .sum();
            page.addAttribute("total", total);
            page.addAttribute("wrong", Math.round(total * (1 - evaluation.accuracy())));
            page.addAttribute(
                    "reliability", evaluation.calibration() == null ? null : Reliability.of(evaluation.calibration()));
        } else if (version.evaluation() instanceof RegressionEvaluation evaluation) {
            page.addAttribute("misses", evaluation);
            page.addAttribute("mistakes", misses(evaluation, rows));
        }
        return Fragments.wanted(request) ? "version :: state" : "version";
    }

    private List<Mistake> mistakes(ClassificationEvaluation evaluation, HeldOutRows rows) {
        List<Mistake> mistakes = new ArrayList<>();
        for (ClassificationEvaluation.Mistake mistake : evaluation.mistakes()) {
            mistakes.add(mistake(
                    mistake.row(),
                    mistake.label(),
                    mistake.predicted(),
                    show.percent(mistake.probability()),
                    rows,
                    mistakes.size()));
        }
        return mistakes;
    }

    private List<Mistake> misses(RegressionEvaluation evaluation, HeldOutRows rows) {
        List<Mistake> misses = new ArrayList<>();
        for (RegressionEvaluation.Miss miss : evaluation.worst()) {
            misses.add(mistake(
                    miss.row(),
                    show.number(miss.target()),
                    show.number(miss.predicted()),
                    show.number(miss.predicted() - miss.target()),
                    rows,
                    misses.size()));
        }
        return misses;
    }

    private static Mistake mistake(int row, String truth, String answer, String measure, HeldOutRows rows, int place) {
        boolean fits = (long) place * rows.encoding().rawSize() < MOST_PIXELS;
        return new Mistake(row, truth, answer, measure, fits ? rows.picture(row) : null, rows.values(row));
    }

    /** A request for the version, for a shell. */
    private String call(ModelVersion version, HeldOutRows rows) {
        String address = show.address("/predict");
        if (Thumbnail.isPossible(version.encoding())) {
            return visitor.curl() + " "
                    + Show.quoted(address + "?model=" + version.model() + "&version=" + version.version())
                    + " \\\n  -H 'Content-Type: image/png' --data-binary @picture.png";
        }
        Instance example = rows.example();
        String instance = example instanceof Instance.Columns named
                ? show.compact(named.values())
                : numbers(((Instance.Values) example).values());
        return visitor.curl() + " " + Show.quoted(address) + " -H 'Content-Type: application/json' \\\n  -d "
                + Show.quoted("{\"model\": " + show.compact(version.model()) + ", \"version\": " + version.version()
                        + ", \"instances\": [\n      " + instance + "]}");
    }

    private String numbers(float[] values) {
        return values.length <= MOST_VALUES ? show.compact(values) : "[… " + values.length + " numbers …]";
    }
}
