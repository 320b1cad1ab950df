/**
 * The HTTP edge: the ingest server, the management server, and the one mapping from a refusal to a status. The only
 * place that knows Vert.x. {@link io.headgate.gateway.http.IngestHandler} is one request from beginning to end.
 */
@NullMarked
package io.headgate.gateway.http;

import org.jspecify.annotations.NullMarked;
