/**
 * What travels between client and node: the SBE schema's generated codecs ({@code .codec}) and the constants of the
 * protocol.
 *
 * <p>The schema, {@code tiercel-wire.xml}, opens with the narrative: start there. Stateless; any thread may enter.
 * Imports Aeron's channel builder and Agrona.
 */
@NullMarked
package io.tiercel.wire;

import org.jspecify.annotations.NullMarked;
