/**
 * The page for people: jobs and their live curves, models and what they get wrong, datasets, workers. It shows what the facades
 * of other modules tell; what a person does with it goes to the API, as any client's requests do, from the page's own scripts.
 * Nothing comes from another host, and nothing in it runs inline.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Web",
        allowedDependencies = {
            "access",
            "audit",
            "dataset",
            "diagnosis",
            "encoding",
            "engine",
            "model",
            "network",
            "network :: layer",
            "problem",
            "rollout",
            "security",
            "serving",
            "training"
        })
package io.trainyard.web;
