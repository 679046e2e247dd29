package io.trainyard.training;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

interface TransitionRows extends JpaRepository<TransitionRow, TransitionRow.Key> {

    List<TransitionRow> findByJobIdInOrderByOrdinal(Collection<UUID> jobIds);
}
