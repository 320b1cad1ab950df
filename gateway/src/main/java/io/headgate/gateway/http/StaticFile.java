package io.headgate.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A file of the program, served as it is from memory. Which files there are is fixed when the program is built; no part
 * of a request's path ever names one. Clients may keep a copy, but ask each time whether it still holds (RFC 9110,
 * 13.1.2), since the next version of the program serves another file at the same path.
 */
final class StaticFile implements Operation {
    /** Nothing from elsewhere, nothing inline but styles and small images, and in nobody's frame. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
    private static final CharSequence TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REVALIDATE = HttpHeaders.createOptimized("no-cache");

    private final CharSequence contentType;
    private final Buffer content;
    private final EntityTag tag;

    /** @param name of a resource beside this class */
    StaticFile(String name, CharSequence contentType) {
        byte[] bytes = read(name);
        this.contentType = contentType;
        this.content = Buffer.buffer(bytes);
        this.tag = EntityTag.of(bytes);
    }

    @Override
    public void serve(Exchange exchange) {
        MultiMap headers = exchange.http().response().headers();
        headers.set(HttpHeaders.ETAG, tag.value());
        headers.set(HttpHeaders.CACHE_CONTROL, REVALIDATE);
        headers.set(TYPE_OPTIONS, NO_SNIFF);
        headers.set(POLICY, CONTENT_SECURITY_POLICY);
        if (tag.isKnownTo(exchange.http())) {
            exchange.end(EntityTag.NOT_MODIFIED, contentType, Buffer.buffer());
        } else {
            exchange.ok(contentType, content);
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = StaticFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The program was built without " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
