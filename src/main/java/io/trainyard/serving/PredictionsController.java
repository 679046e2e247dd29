package io.trainyard.serving;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.access.Access;
import io.trainyard.access.Actor;
import io.trainyard.access.Kind;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.encoding.Picture;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@Tag(name = "Prediction")
class PredictionsController {

    private static final String EXAMPLE = """
            {
              "model": "digits",
              "version": "latest",
              "instances": [
                [0, 0, 5, 13, 9, 1, 0, 0,
                 0, 0, 13, 15, 10, 15, 5, 0,
                 0, 3, 15, 2, 0, 11, 8, 0,
                 0, 4, 12, 0, 0, 8, 8, 0,
                 0, 5, 8, 0, 0, 9, 8, 0,
                 0, 4, 11, 0, 1, 12, 7, 0,
                 0, 2, 14, 5, 10, 12, 0, 0,
                 0, 0, 6, 13, 10, 0, 0, 0]
              ],
              "top_k": 3
            }
            """;

    private static final String PATH = "/predict";
    private static final String CSV = "text/csv";
    private static final String CSV_EXAMPLE = """
            sepal_length,sepal_width,petal_length,petal_width
            5.1,3.5,1.4,0.2
            6.8,3.0,6.0,2.3
            """;

    private final Predictions predictions;
    private final Access access;
    private final ServingProperties properties;

    PredictionsController(Predictions predictions, Access access, ServingProperties properties) {
        this.predictions = predictions;
        this.access = access;
        this.properties = properties;
    }

    @Operation(operationId = "predict", summary = "Predict", description = """
                    Raw rows in, classes and probabilities out; the version's own preprocessing is applied, and the answer
                    names the exact version. Rows of a dataset, as `GET …/rows` shows them, can be sent as they are.

                    A body of `image/png` or `image/jpeg` is one picture. It is made grey where the model takes grey
                    pictures (luma of ITU-R BT.601, rounded; what is transparent is black) and stretched to the model's
                    size: by area averaging where both sides shrink, else bilinearly.

                    A body of `text/csv` (RFC 4180) holds a row a line. For models of tables the first line names the
                    columns, for others it does not; the media type may say otherwise: `text/csv; header=absent`.""")
    @Parameter(name = "model", in = ParameterIn.QUERY, example = "digits", description = "For pictures and CSV.")
    @Parameter(name = "version", in = ParameterIn.QUERY, example = "latest", description = "For pictures and CSV.")
    @Parameter(
            name = "top_k",
            in = ParameterIn.QUERY,
            schema = @Schema(type = "integer"),
            description = "For pictures and CSV.")
    @Parameter(
            name = "timeout_ms",
            in = ParameterIn.QUERY,
            schema = @Schema(type = "integer"),
            description = "For pictures and CSV.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = PredictRequest.class),
                        examples = @ExampleObject(name = "a digit 0", value = EXAMPLE)),
                @Content(mediaType = MediaType.IMAGE_PNG_VALUE, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = MediaType.IMAGE_JPEG_VALUE, schema = @Schema(type = "string", format = "binary")),
                @Content(
                        mediaType = CSV,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject(name = "two flowers", value = CSV_EXAMPLE))
            })
    @PostMapping(value = PATH, consumes = MediaType.APPLICATION_JSON_VALUE)
    PredictResponse predict(@RequestBody PredictRequest request, Actor actor) throws IOException {
        return predictions.predict(allowed(request.question(), actor), encoding -> request.instances());
    }

    @Hidden
    @PostMapping(
            value = PATH,
            consumes = {MediaType.IMAGE_PNG_VALUE, MediaType.IMAGE_JPEG_VALUE})
    PredictResponse predictPicture(
            @RequestParam String model,
            @RequestParam(defaultValue = "latest") String version,
            @RequestParam(name = "top_k", required = false) @Nullable Integer topK,
            @RequestParam(name = "timeout_ms", required = false) @Nullable Integer timeoutMs,
            InputStream body,
            Actor actor)
            throws IOException {
        return predictions.predict(
                allowed(new Question(model, VersionChoice.of(version), topK, timeoutMs), actor),
                encoding -> picture(body, encoding));
    }

    @Hidden
    @PostMapping(value = PATH, consumes = CSV)
    PredictResponse predictCsv(
            @RequestParam String model,
            @RequestParam(defaultValue = "latest") String version,
            @RequestParam(name = "top_k", required = false) @Nullable Integer topK,
            @RequestParam(name = "timeout_ms", required = false) @Nullable Integer timeoutMs,
            @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body,
            Actor actor)
            throws IOException {
        return predictions.predict(
                allowed(new Question(model, VersionChoice.of(version), topK, timeoutMs), actor),
                encoding -> CsvRows.read(body, type, encoding, properties.maxInstances()));
    }

    /** The model is named in the body, or in the query: not in the address. */
    private Question allowed(Question question, Actor actor) {
        access.checkRead(actor, Kind.MODEL, question.model());
        return question;
    }

    private static List<Instance> picture(InputStream body, Encoding encoding) throws IOException {
        try {
            return List.of(Picture.read(body, encoding));
        } catch (InvalidFieldException invalid) {
            throw new ProblemException(ProblemType.INVALID_INSTANCE, "The body " + invalid.detail() + ".");
        }
    }
}
