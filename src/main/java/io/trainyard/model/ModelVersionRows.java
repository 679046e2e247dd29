package io.trainyard.model;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ModelVersionRows extends JpaRepository<ModelVersionRow, ModelVersionRow.Key> {

    List<ModelVersionRow> findByModelOrderByVersionDesc(String model, Limit limit);

    Optional<ModelVersionRow> findFirstByArtifactSha256OrderByCreatedAtDesc(String sha256);

    /** A version's weights. */
    interface StoredArtifact {
        String getModel();

        int getVersion();

        String getArtifactSha256();

        long getArtifactBytes();
    }

    @Query("""
            select row.model as model, row.version as version, row.artifactSha256 as artifactSha256,
                row.artifactBytes as artifactBytes
            from ModelVersionRow row""")
    List<StoredArtifact> artifacts();

    @Query("select row.version from ModelVersionRow row where row.model = :model order by row.version desc")
    List<Integer> numbers(String model, Limit limit);

    @Query("select max(row.version) from ModelVersionRow row where row.model = :model")
    Optional<Integer> newest(String model);
}
