package io.trainyard.model;

import io.trainyard.access.Kind;
import io.trainyard.access.Owner;
import io.trainyard.access.Owners;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A model is its owner's from the first job on that is to make a version of it. */
@Component
class ModelOwners implements Owners {

    private final ModelRows models;

    ModelOwners(ModelRows models) {
        this.models = models;
    }

    @Override
    public Kind kind() {
        return Kind.MODEL;
    }

    @Override
    public Optional<Owner> of(String name) {
        // PostgreSQL's text cannot hold U+0000.
        return name.indexOf('\0') >= 0 ? Optional.empty() : models.owner(name).map(Owner::new);
    }
}
