package io.trainyard.dataset;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Being made. */
@Component
class ImageFolderIngest implements Ingest<ImageFolderSpec> {

    @Override
    public Ingested ingest(ImageFolderSpec spec, Map<String, UploadedFile> files, Path folder) {
        throw new UnsupportedOperationException();
    }
}
