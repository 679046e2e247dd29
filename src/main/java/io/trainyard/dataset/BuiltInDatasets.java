package io.trainyard.dataset;

import io.trainyard.encoding.PixelEncoding;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The catalogue of built-in datasets. */
@Configuration(proxyBeanMethods = false)
class BuiltInDatasets {

    private static final List<String> DIGITS =
            IntStream.range(0, 10).mapToObj(String::valueOf).toList();

    @Bean
    BuiltInDataset iris(SplitStore store) {
        return new TableDataset(
                "iris",
                "150 iris flowers of three species, by the sizes of sepals and petals.",
                store,
                () -> Table.fromJar("iris"),
                false,
                null);
    }

    @Bean
    BuiltInDataset moons(SplitStore store) {
        return new TableDataset(
                "moons",
                "2,000 points on two half circles that reach into each other, with noise; drawn from a formula.",
                store,
                () -> GeneratedTables.moons(2000),
                false,
                null);
    }

    @Bean
    BuiltInDataset friedman(SplitStore store) {
        return new TableDataset(
                "friedman1",
                "Friedman's first regression problem: 2,000 rows of ten columns, of which five matter, and a number.",
                store,
                () -> GeneratedTables.friedman(2000),
                true,
                null);
    }

    @Bean
    BuiltInDataset digits(SplitStore store) {
        return new TableDataset(
                "digits",
                "1,797 handwritten digits of 8 × 8 pixels, each from 0 to 16.",
                store,
                () -> Table.fromJar("digits"),
                false,
                new PixelEncoding(List.of(8, 8, 1), 16, 16));
    }

    @Bean
    BuiltInDataset mnist(DatasetProperties properties, SplitStore store) {
        Mirror mirror = new Mirror(
                List.of(
                        URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                        URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")),
                Map.of(
                        MirrorFile.TRAIN_IMAGES, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                        MirrorFile.TRAIN_LABELS, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                        MirrorFile.TEST_IMAGES, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                        MirrorFile.TEST_LABELS, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));
        return new IdxDataset(
                "mnist", "70,000 handwritten digits of 28 × 28 pixels.", DIGITS, mirror, properties, store);
    }

    @Bean
    BuiltInDataset fashionMnist(DatasetProperties properties, SplitStore store) {
        Mirror mirror = new Mirror(
                List.of(
                        URI.create("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
                        URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")),
                Map.of(
                        MirrorFile.TRAIN_IMAGES, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                        MirrorFile.TRAIN_LABELS, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                        MirrorFile.TEST_IMAGES, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                        MirrorFile.TEST_LABELS, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));
        return new IdxDataset(
                "fashion-mnist",
                "70,000 pictures of clothing of 28 × 28 pixels.",
                List.of(
                        "T-shirt/top",
                        "Trouser",
                        "Pullover",
                        "Dress",
                        "Coat",
                        "Sandal",
                        "Shirt",
                        "Sneaker",
                        "Bag",
                        "Ankle boot"),
                mirror,
                properties,
                store);
    }
}
