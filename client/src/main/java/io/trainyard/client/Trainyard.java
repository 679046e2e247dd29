package io.trainyard.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Trainyard service. Safe for use by many threads; made once.
 *
 * <pre>{@code
 * Trainyard trainyard = Trainyard.at(URI.create("http://localhost:8080"));
 * Job job = trainyard.jobs().submit(JobRequest.of(
 *         "flowers", "iris", Network.of(Spec.dense(16, "relu"), Spec.dense(3, "softmax")), Training.epochs(40)));
 * trainyard.jobs().await(job.id(), Duration.ofMinutes(5)).succeeded();
 * trainyard.predictions().predict(PredictRequest.of("flowers", List.of(5.1, 3.5, 1.4, 0.2)));
 * }</pre>
 */
public final class Trainyard {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final HttpServiceProxyFactory factory;

    private Trainyard(RestClient client) {
        this.factory = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .build();
    }

    /** The service at an address, as one whom it lets in without a key. */
    public static Trainyard at(URI address) {
        return with(builder(address));
    }

    /**
     * The service at an address.
     *
     * @param key an API key, or a token of the OAuth 2 server that the service trusts
     */
    public static Trainyard at(URI address, String key) {
        return with(builder(address).defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key));
    }

    /** For a client that is already set up: with a proxy, with TLS of one's own, observed. JSON and errors are set here. */
    public static Trainyard with(RestClient.Builder builder) {
        JsonMapper json = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
                // A newer service may say more.
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
                .build();
        return new Trainyard(builder.clone()
                .configureMessageConverters(converters ->
                        converters.registerDefaults().withJsonConverter(new JacksonJsonHttpMessageConverter(json)))
                .defaultStatusHandler(HttpStatusCode::isError, new Problems(json)::raise)
                .build());
    }

    public Jobs jobs() {
        return factory.createClient(Jobs.class);
    }

    public Models models() {
        return factory.createClient(Models.class);
    }

    public Datasets datasets() {
        return factory.createClient(Datasets.class);
    }

    public Predictions predictions() {
        return factory.createClient(Predictions.class);
    }

    public BatchPredictions batchPredictions() {
        return factory.createClient(BatchPredictions.class);
    }

    /** An upload is answered when all its rows have been read. */
    private static RestClient.Builder builder(URI address) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(ANSWER);
        return RestClient.builder().baseUrl(address).requestFactory(requests);
    }
}
