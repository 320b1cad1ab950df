package io.headgate.gateway.http;

/** Serves one operation of the contract. Called on the request's event loop; what it throws becomes the answer. */
@FunctionalInterface
interface Operation {
    void serve(Exchange exchange);
}
