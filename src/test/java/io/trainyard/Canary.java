package io.trainyard;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;

/**
 * Classes that leave a trace when something makes objects of them, as a class that does harm would. The traces lie beside this
 * class path: a process that has loaded one of them finds them there too.
 */
public final class Canary {

    private Canary() {}

    /** Its object sings when it is deserialised. */
    static final class Deserialised implements Serializable {

        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            sing("deserialised");
        }
    }

    /** Sings when one is made. */
    public static final class Constructed {

        public Constructed() {
            sing("constructed");
        }
    }

    /** Sings when it is loaded and initialised. */
    public static final class Initialised {

        static {
            sing("initialised");
        }

        private Initialised() {}
    }

    /** What DL4J keeps in {@code preprocessor.bin}: an object. */
    static byte[] preprocessor() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Deserialised());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What ND4J keeps in {@code normalizer.bin}: the name of a class that makes the object. */
    static byte[] normalizer() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF("NORMALIZER");
            out.writeInt(1);
            out.writeUTF("CUSTOM");
            out.writeUTF(Canary.class.getName() + "$Constructed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A configuration that names a class of the class path where DL4J expects one of its own. */
    static String configuration(String good) {
        return good.replace(
                "org.nd4j.linalg.activations.impl.ActivationSoftmax", Canary.class.getName() + "$Initialised");
    }

    /** Those that have sung. */
    static Set<String> heard() {
        Set<String> heard = new TreeSet<>();
        for (String name : new String[] {"deserialised", "constructed", "initialised"}) {
            if (Files.exists(trace(name))) {
                heard.add(name);
            }
        }
        return heard;
    }

    static void forget() throws IOException {
        for (String name : heard()) {
            Files.delete(trace(name));
        }
    }

    private static void sing(String name) {
        try {
            Files.writeString(trace(name), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path trace(String name) {
        try {
            return Path.of(Canary.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("canary-" + name);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what is in a DL4J zip as DL4J does. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        attempt(() -> {
            try (ObjectInputStream in =
                    new ObjectInputStream(Files.newInputStream(folder.resolve("preprocessor.bin")))) {
                return in.readObject();
            }
        });
        attempt(() -> {
            try (InputStream in = Files.newInputStream(folder.resolve("normalizer.bin"))) {
                return NormalizerSerializer.getDefault().restore(in);
            }
        });
        attempt(() -> MultiLayerConfiguration.fromJson(Files.readString(folder.resolve("configuration.json"))));
    }

    private interface Attempt {
        Object make() throws Exception;
    }

    private static void attempt(Attempt attempt) {
        try {
            System.out.println("read: " + attempt.make());
        } catch (Exception | LinkageError notWhatItExpected) {
            System.out.println(notWhatItExpected);
        }
    }
}
