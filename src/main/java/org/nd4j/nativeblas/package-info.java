/** One class that DL4J looks for by name in this package; see {@link org.nd4j.nativeblas.Nd4jCpu}. */
@org.jspecify.annotations.NullMarked
package org.nd4j.nativeblas;
