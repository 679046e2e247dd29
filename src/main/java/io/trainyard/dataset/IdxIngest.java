package io.trainyard.dataset;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Being made. */
@Component
class IdxIngest implements Ingest<IdxSpec> {

    @Override
    public Ingested ingest(IdxSpec spec, Map<String, UploadedFile> files, Path folder) {
        throw new UnsupportedOperationException();
    }
}
