/**
 * Content codings of requests (RFC 9110, 8.4.1), undone a piece at a time so that whoever asks for the next piece bounds
 * what a body may become. Knows nothing of HTTP.
 */
@NullMarked
package io.headgate.gateway.coding;

import org.jspecify.annotations.NullMarked;
