package io.trainyard.dataset;

import io.trainyard.access.Kind;
import io.trainyard.access.Owner;
import io.trainyard.access.Owners;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A dataset is its first uploader's; built-in ones are there for all. */
@Component
class DatasetOwners implements Owners {

    private final Set<String> builtIns;
    private final JdbcClient jdbc;

    DatasetOwners(List<BuiltInDataset> builtIns, JdbcClient jdbc) {
        this.builtIns = builtIns.stream().map(BuiltInDataset::name).collect(Collectors.toSet());
        this.jdbc = jdbc;
    }

    @Override
    public Kind kind() {
        return Kind.DATASET;
    }

    @Override
    public Optional<Owner> of(String name) {
        if (builtIns.contains(name)) {
            return Optional.of(Owner.ALL);
        }
        // PostgreSQL's text cannot hold U+0000.
        return name.indexOf('\0') >= 0
                ? Optional.empty()
                : jdbc.sql("select owner from dataset where name = :name")
                        .param("name", name)
                        .query((row, number) -> new Owner(row.getString("owner")))
                        .optional();
    }
}
