package io.trainyard.web;

import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.dataset.Datasets;
import io.trainyard.dataset.Split;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.NumberEncoding;
import io.trainyard.encoding.PixelEncoding;
import io.trainyard.model.DatasetReference;
import io.trainyard.model.Lineage;
import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.VersionChoice;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One row, asked of one version of a model or of two beside each other. */
@Controller
@Profile("api")
@Hidden
class TryPages {

    private static final int MOST_MODELS = 500;
    /** More fields are no form any more. */
    private static final int MOST_FIELDS = 200;

    private static final String LATEST = "latest";
    private static final int MAX_SAMPLE = 255;

    private final Access access;
    private final Models models;
    private final Datasets datasets;

    TryPages(Access access, Models models, Datasets datasets) {
        this.access = access;
        this.models = models;
        this.datasets = datasets;
    }

    /** A version as a client names it, and the one that is meant now. */
    record Asked(String name, ModelVersion version) {}

    /**
     * How a person gives a row.
     *
     * @param maximum of a pixel, white; 0 where rows are no pictures
     * @param drawn whether it can be drawn: pictures of one channel
     * @param file whether it can be a picture's file
     * @param fields of a table; empty where there are too many for a form
     */
    record Input(List<Integer> shape, int maximum, boolean drawn, boolean file, List<Field> fields) {

        /** The template's part that asks for it. */
        public String form() {
            return maximum > 0 ? "drawn" : fields.isEmpty() ? "typed" : "fields";
        }
    }

    @GetMapping("/try")
    String show(
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String version,
            @RequestParam(required = false) @Nullable String beside,
            Actor actor,
            Model page) {
        List<String> names = models.names("", MOST_MODELS, actor);
        page.addAttribute("names", names);
        String chosen = Show.given(model);
        if (chosen != null) {
            access.checkRead(actor, Kind.MODEL, chosen);
        }
        // A model whose versions have all been deleted has nothing to be asked.
        Optional<String> askable = names.stream()
                .filter(each -> !models.versionsOf(each, 1).isEmpty())
                .findFirst();
        if (chosen == null && askable.isEmpty()) {
            return "try";
        }
        String name = chosen == null ? askable.orElseThrow() : chosen;
        Asked first = asked(name, requireNonNullElse(Show.given(version), LATEST));
        String other = Show.given(beside);
        Asked second = other == null ? null : asked(name, other);
        boolean sameRows = second == null || rowForm(second).equals(rowForm(first));
        page.addAttribute("model", name);
        page.addAttribute("numbers", models.numbers(name));
        page.addAttribute("aliases", models.aliases(name));
        page.addAttribute("first", first);
        page.addAttribute("second", second);
        page.addAttribute("sameRows", sameRows);
        page.addAttribute(
                "asked",
                sameRows ? Stream.of(first, second).filter(one -> one != null).toList() : List.of(first));
        DatasetReference dataset = dataset(first.version().lineage());
        page.addAttribute("dataset", dataset);
        page.addAttribute(
                "heldOut",
                dataset == null
                        ? 0
                        : datasets.resolve(dataset.name(), dataset.version())
                                .split(Split.TEST)
                                .rows());
        page.addAttribute("input", input(first.version().encoding(), dataset));
        return "try";
    }

    private Asked asked(String model, String version) {
        return new Asked(version, models.get(model, models.number(model, VersionChoice.of(version))));
    }

    private static String rowForm(Asked asked) {
        return asked.version().encoding().rowForm();
    }

    private static @Nullable DatasetReference dataset(Lineage lineage) {
        return lineage instanceof Lineage.Trained trained ? trained.dataset() : ((Lineage.Imported) lineage).dataset();
    }

    private Input input(Encoding encoding, @Nullable DatasetReference dataset) {
        List<Integer> shape = encoding.inputShape();
        boolean picture = shape.size() == 3;
        int channels = picture ? shape.get(2) : 0;
        if (encoding instanceof PixelEncoding pixels) {
            boolean shown = channels == 1 || channels == 3;
            return new Input(shape, shown ? pixels.maximum() : 0, channels == 1, shown, List.of());
        }
        if (encoding instanceof NumberEncoding numbers) {
            // What was trained elsewhere takes grey levels up to 1 once they are scaled.
            int maximum = channels == 1 ? (int) Math.max(1, Math.min(MAX_SAMPLE, Math.round(1 / numbers.scale()))) : 0;
            return new Input(shape, maximum, channels == 1, false, List.of());
        }
        ColumnEncoding table = (ColumnEncoding) encoding;
        return new Input(
                shape,
                0,
                false,
                false,
                table.columns().size() > MOST_FIELDS
                        ? List.of()
                        : Field.of(
                                table,
                                dataset == null
                                        ? null
                                        : datasets.view(dataset.name(), dataset.version())
                                                .statistics()));
    }
}
