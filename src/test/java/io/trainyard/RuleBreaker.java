package io.trainyard;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.factory.Nd4j;

/** Does all that is forbidden, to show that it would be found. It is never run. */
final class RuleBreaker {

    private RuleBreaker() {}

    static Object deserialise(InputStream in) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(in).readObject();
    }

    static Object restore(InputStream in) throws IOException {
        return ModelSerializer.restoreNormalizerFromInputStream(in);
    }

    static Object array(InputStream in) throws IOException {
        return Nd4j.read(in);
    }

    static Object download() {
        return DL4JResources.getBaseDownloadURL();
    }

    static InputStream fetch(URL address) throws IOException {
        return address.openStream();
    }

    static Process start(String command) throws IOException {
        return Runtime.getRuntime().exec(new String[] {command});
    }

    static Path slip(Path folder, ZipEntry entry) {
        return folder.resolve(entry.getName());
    }
}
