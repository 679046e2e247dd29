/** What containers are started with: Compose's file and Kubernetes' manifests name what there is. */
package io.trainyard.deployment;
