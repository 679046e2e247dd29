package io.trainyard.upload;

import jakarta.servlet.MultipartConfigElement;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

@Configuration(proxyBeanMethods = false)
@Profile("api")
class UploadConfiguration {

    /** Parts go to files as they arrive, on the disk that has room for them, and never to the heap. */
    @Bean
    MultipartConfigElement multipart(WorkFolders folders, UploadProperties properties) {
        long limit = properties.maxSize().toBytes();
        return new MultipartConfigElement(folders.dir().toString(), limit, limit, 0);
    }
}
