package io.trainyard.web;

import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.Hidden;
import io.trainyard.access.Actor;
import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.DatasetView;
import io.trainyard.dataset.Datasets;
import io.trainyard.dataset.RowPage;
import io.trainyard.dataset.Split;
import io.trainyard.dataset.VersionView;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.NumericColumn;
import io.trainyard.encoding.PixelEncoding;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/** Datasets, what is in their versions, and the form that adds one. */
@Controller
@Profile("api")
@Hidden
class DatasetsPages {

    private static final int PAGE = 50;
    private static final int PICTURES = 48;
    private static final int ROWS = 20;
    /** Of a page of pictures, so that large ones do not make a page that no browser shows. */
    private static final int MOST_PIXELS = 1_000_000;

    private static final int MOST_COLUMNS = 40;
    /** More of a picture are no command that one reads. */
    private static final int MOST_NUMBERS = 1000;

    private final Datasets datasets;
    private final JsonMapper json;
    private final Visitor visitor;

    DatasetsPages(Datasets datasets, JsonMapper json, Visitor visitor) {
        this.datasets = datasets;
        this.json = json;
        this.visitor = visitor;
    }

    @GetMapping("/datasets")
    String list(@RequestParam(required = false) @Nullable String after, Actor actor, Model page) {
        List<DatasetView> found = datasets.page(Show.given(after), PAGE + 1, actor);
        page.addAttribute("datasets", found.stream().limit(PAGE).toList());
        page.addAttribute("more", found.size() > PAGE ? found.get(PAGE - 1).name() : null);
        return "datasets";
    }

    @GetMapping("/datasets/new")
    String add() {
        return "dataset-new";
    }

    @GetMapping("/datasets/{name}")
    String dataset(@PathVariable String name, Model page) {
        page.addAttribute("dataset", datasets.dataset(name));
        return "dataset";
    }

    /** Which rows are looked at. */
    record Look(String split, @Nullable String label, int offset) {}

    @GetMapping("/datasets/{name}/versions/{version}")
    String version(
            @PathVariable String name,
            @PathVariable int version,
            @RequestParam(required = false) @Nullable String split,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(defaultValue = "0") int offset,
            HttpServletRequest request,
            Model page) {
        DatasetVersion found = datasets.resolve(name, version);
        Look look = new Look(requireNonNullElse(Show.given(split), Split.TRAIN.toString()), Show.given(label), offset);
        boolean pictures = found.encoding() instanceof PixelEncoding pixels
                && pixels.inputShape().size() == 3
                && (pixels.inputShape().get(2) == 1 || pixels.inputShape().get(2) == 3);
        int limit = pictures
                ? Math.max(1, Math.min(PICTURES, MOST_PIXELS / found.encoding().rawSize()))
                : ROWS;
        RowPage rows = datasets.rows(found, Split.of(look.split()), look.label(), offset, limit, pictures);
        page.addAttribute("dataset", found);
        page.addAttribute("look", look);
        page.addAttribute("limit", limit);
        page.addAttribute("pictures", pictures);
        page.addAttribute("rows", rows);
        page.addAttribute("columns", columns(found));
        if (Fragments.wanted(request)) {
            return "dataset-version :: rows";
        }
        VersionView view = datasets.view(name, version);
        page.addAttribute("version", view);
        page.addAttribute("description", description(view));
        page.addAttribute("classes", ClassBars.of(view));
        page.addAttribute("charts", view.statistics() == null ? List.of() : ColumnChart.of(view.statistics()));
        page.addAttribute(
                "curl",
                rows.items().isEmpty()
                        ? null
                        : curl(found, pictures, rows.items().get(0)));
        return "dataset-version";
    }

    /** A column of the table of rows. */
    record Heading(String name, boolean numeric) {}

    /** The first of a table's columns; none where rows are pictures. */
    private static List<Heading> columns(DatasetVersion version) {
        return version.encoding() instanceof ColumnEncoding table
                ? table.columns().stream()
                        .limit(MOST_COLUMNS)
                        .map(column -> new Heading(column.name(), column instanceof NumericColumn))
                        .toList()
                : List.of();
    }

    private @Nullable String description(VersionView version) {
        return version.provenance() == null
                ? datasets.dataset(version.name()).description()
                : version.provenance().spec().description();
    }

    private record Body(String model, List<Object> instances) {}

    /** How a model is asked for a row; large pictures are sent as files. */
    private String curl(DatasetVersion version, boolean pictures, RowPage.RowView row) {
        String predict = ServletUriComponentsBuilder.fromCurrentContextPath()
                .path("/predict")
                .toUriString();
        if (pictures && version.encoding().rawSize() > MOST_NUMBERS) {
            return visitor.curl() + " '" + predict
                    + "?model=MODEL' -H 'Content-Type: image/png' --data-binary @picture.png";
        }
        String body = json.writeValueAsString(new Body("MODEL", List.of(row.instance())));
        return visitor.curl() + " " + predict + " -H 'Content-Type: application/json' -d " + Show.quoted(body);
    }
}
