package io.trainyard.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/** The manifests are what Kubernetes' API takes, to the name of each field, and name what there is; no cluster is asked. */
class KubernetesTest {

    private static final Path FOLDER = Path.of("config/kubernetes");

    private interface Model {
        void check(JsonElement manifest) throws IOException;
    }

    private static final Map<String, Model> MODELS = Map.of(
            "apps/v1 Deployment", V1Deployment::validateJsonElement,
            "v1 Service", V1Service::validateJsonElement,
            "v1 ConfigMap", V1ConfigMap::validateJsonElement,
            "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement);

    static final List<Path> FILES = files();
    static final List<JsonNode> MANIFESTS = manifests();
    static final List<JsonNode> DEPLOYMENTS = MANIFESTS.stream()
            .filter(manifest -> kind(manifest).equals("Deployment"))
            .toList();

    @ParameterizedTest
    @FieldSource("MANIFESTS")
    void eachManifestHasOnlyFieldsThatItsKindHas(JsonNode manifest) throws IOException {
        Model model = MODELS.get(manifest.get("apiVersion").stringValue() + " " + kind(manifest));
        assertThat(model).as("a model of " + kind(manifest)).isNotNull();
        model.check(JsonParser.parseString(manifest.toString()));
    }

    /** Else the test above would state nothing. */
    @Test
    void aFieldThatIsMisspeltIsFoundInTheDepth() {
        String wrong = DEPLOYMENTS.get(0).toString().replace("readOnlyRootFilesystem", "readonlyRootFilesystem");
        assertThatThrownBy(() -> V1Deployment.validateJsonElement(JsonParser.parseString(wrong)))
                .hasMessageContaining("readonlyRootFilesystem");
    }

    @Test
    void eachFileIsAResourceOfItsKustomization() throws IOException {
        for (Path file : FILES) {
            JsonNode resources =
                    Yaml.one(file.resolveSibling("kustomization.yaml")).get("resources");
            assertThat(texts(resources)).contains(file.getFileName().toString());
            assertThat(texts(resources)).allMatch(name -> Files.exists(file.resolveSibling(name)));
        }
    }

    @Test
    void whatMayBeChosenIsThere() throws IOException {
        Path whole = FOLDER.resolve("kustomization.yaml");
        List<String> components = Pattern.compile("(?m)^#  - (\\S+)")
                .matcher(Files.readString(whole))
                .results()
                .map(component -> component.group(1))
                .toList();
        assertThat(components).isNotEmpty().allSatisfy(component -> assertThat(
                        kind(Yaml.one(FOLDER.resolve(component).resolve("kustomization.yaml"))))
                .isEqualTo("Component"));
        assertThat(texts(Yaml.one(whole).get("resources")))
                .allMatch(name -> Files.exists(FOLDER.resolve(name).resolve("kustomization.yaml")));
    }

    @ParameterizedTest
    @FieldSource("DEPLOYMENTS")
    void eachVariableIsASetting(JsonNode deployment) {
        assertThat(container(deployment).get("env")).isNotEmpty().allSatisfy(variable -> assertThat(
                        variable.get("name").stringValue())
                .matches(Variables::known));
        assertThat(named("ConfigMap", "trainyard").get("data").propertyNames()).allMatch(Variables::known);
    }

    @ParameterizedTest
    @FieldSource("DEPLOYMENTS")
    void whatAPodRefersToIsThereOrADocumentedSecret(JsonNode deployment) throws IOException {
        JsonNode pod = pod(deployment);
        for (JsonNode from : container(deployment).get("envFrom")) {
            named("ConfigMap", from.at("/configMapRef/name").stringValue());
        }
        Set<String> volumes = names(pod.get("volumes"));
        assertThat(names(container(deployment).get("volumeMounts"))).isEqualTo(volumes);
        for (JsonNode volume : pod.get("volumes")) {
            if (volume.has("persistentVolumeClaim")) {
                named(
                        "PersistentVolumeClaim",
                        volume.at("/persistentVolumeClaim/claimName").stringValue());
            }
            for (JsonNode source : volume.at("/projected/sources")) {
                JsonNode item = source.at("/secret/items/0");
                assertThat(Files.readString(Path.of("docs/deployment.md")))
                        .contains("create secret generic "
                                + source.at("/secret/name").stringValue() + " --from-file="
                                + item.get("key").stringValue() + "=");
                assertThat(item.get("path").stringValue()).matches(Variables::setting);
            }
        }
        // Where the secrets are mounted is where they are read.
        assertThat(named("ConfigMap", "trainyard")
                        .at("/data/SPRING_CONFIG_IMPORT")
                        .stringValue())
                .isEqualTo("configtree:" + mount(deployment, "passwords") + "/");
        assertThat(mount(deployment, "artifacts")).isEqualTo("/data");
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("TRAINYARD_DATA_DIR=/data");
    }

    @ParameterizedTest
    @FieldSource("DEPLOYMENTS")
    void eachSelectorSelectsItsPodsAndNoOthers(JsonNode deployment) {
        assertThat(DEPLOYMENTS.stream().filter(other -> selects(deployment.at("/spec/selector/matchLabels"), other)))
                .containsExactly(deployment);
    }

    @Test
    void whatStandsBeforeTheApiSelectsIt() {
        JsonNode api = named("Deployment", "trainyard-api");
        assertThat(selects(named("Service", "trainyard").at("/spec/selector"), api))
                .isTrue();
        assertThat(selects(named("PodDisruptionBudget", "trainyard-api").at("/spec/selector/matchLabels"), api))
                .isTrue();
        assertThat(selects(named("NetworkPolicy", "trainyard-api").at("/spec/podSelector/matchLabels"), api))
                .isTrue();
        assertThat(named("HorizontalPodAutoscaler", "trainyard-api").at("/spec/scaleTargetRef/name"))
                .isEqualTo(api.at("/metadata/name"));
        Set<String> ports = names(container(api).get("ports"));
        assertThat(ports)
                .contains(
                        named("Service", "trainyard")
                                .at("/spec/ports/0/targetPort")
                                .stringValue(),
                        named("NetworkPolicy", "trainyard-api")
                                .at("/spec/ingress/0/ports/0/port")
                                .stringValue());
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            JsonNode get = container(api).get(probe).get("httpGet");
            assertThat(ports).contains(get.get("port").stringValue());
            assertThat(get.get("path").stringValue()).matches("/actuator/health/(live|readi)ness");
            assertThat(get.at("/httpHeaders/0/value").stringValue()).isEqualTo("localhost");
        }
    }

    /** Pod Security Standards, restricted; and nothing is written but into volumes. */
    @ParameterizedTest
    @FieldSource("DEPLOYMENTS")
    void podsMayDoNothingButRun(JsonNode deployment) {
        JsonNode pod = pod(deployment);
        assertThat(pod.get("automountServiceAccountToken").booleanValue()).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").intValue()).isEqualTo(10001);
        assertThat(pod.at("/securityContext/seccompProfile/type").stringValue()).isEqualTo("RuntimeDefault");
        JsonNode security = container(deployment).get("securityContext");
        assertThat(security.get("allowPrivilegeEscalation").booleanValue()).isFalse();
        assertThat(security.get("readOnlyRootFilesystem").booleanValue()).isTrue();
        assertThat(security.at("/capabilities/drop")).hasToString("[\"ALL\"]");
    }

    @ParameterizedTest
    @FieldSource("DEPLOYMENTS")
    void aPodMayTakeFourTimesTheHeap(JsonNode deployment) {
        String options = variable(deployment, "JAVA_TOOL_OPTIONS");
        DataSize heap = DataSize.parse(options.replaceFirst("^-Xmx(\\d+)g$", "$1GB"));
        DataSize limit = DataSize.parse(container(deployment)
                .at("/resources/limits/memory")
                .stringValue()
                .replace("Gi", "GB"));
        assertThat(limit.toBytes()).isGreaterThanOrEqualTo(4 * heap.toBytes());
    }

    /** The delay, 20 s for requests in progress (spring.lifecycle.timeout-per-shutdown-phase), and some more. */
    @Test
    void anApiPodIsNotKilledWhileItEnds() {
        JsonNode api = named("Deployment", "trainyard-api");
        int delay = Integer.parseInt(variable(api, "TRAINYARD_SHUTDOWN_DELAY").replace("s", ""));
        assertThat(pod(api).get("terminationGracePeriodSeconds").intValue()).isGreaterThanOrEqualTo(delay + 25);
        JsonNode readiness = container(api).get("readinessProbe");
        assertThat(delay)
                .isGreaterThan(readiness.get("periodSeconds").intValue()
                        * readiness.get("failureThreshold").intValue());
    }

    @Test
    void aWorkerHasOneDevice() {
        assertThat(container(named("Deployment", "trainyard-worker-gpu"))
                        .at("/resources/limits")
                        .get("nvidia.com/gpu")
                        .intValue())
                .isEqualTo(1);
    }

    private static List<Path> files() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> manifests() {
        List<JsonNode> manifests = new ArrayList<>();
        try {
            for (Path file : FILES) {
                manifests.addAll(Yaml.all(file));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return manifests;
    }

    private static String kind(JsonNode manifest) {
        return manifest.get("kind").stringValue();
    }

    private static JsonNode named(String kind, String name) {
        return MANIFESTS.stream()
                .filter(manifest -> kind(manifest).equals(kind)
                        && manifest.at("/metadata/name").stringValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    private static JsonNode pod(JsonNode deployment) {
        return deployment.at("/spec/template/spec");
    }

    private static JsonNode container(JsonNode deployment) {
        return pod(deployment).get("containers").get(0);
    }

    private static String mount(JsonNode deployment, String volume) {
        return find(container(deployment).get("volumeMounts"), volume)
                .get("mountPath")
                .stringValue();
    }

    private static String variable(JsonNode deployment, String name) {
        return find(container(deployment).get("env"), name).get("value").stringValue();
    }

    private static JsonNode find(JsonNode list, String name) {
        return list.valueStream()
                .filter(entry -> entry.get("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name));
    }

    private static boolean selects(JsonNode labels, JsonNode deployment) {
        JsonNode given = deployment.at("/spec/template/metadata/labels");
        // Kustomize gives all of the base the program's name besides.
        return labels.propertyStream()
                .filter(label -> !label.getKey().equals("app.kubernetes.io/name"))
                .allMatch(label -> label.getValue().equals(given.get(label.getKey())));
    }

    private static Set<String> names(JsonNode list) {
        return list.valueStream().map(entry -> entry.get("name").stringValue()).collect(Collectors.toSet());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }
}
