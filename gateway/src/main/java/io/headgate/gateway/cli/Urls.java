package io.headgate.gateway.cli;

import io.headgate.gateway.Gateway;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;

/** Where a running gateway is called. */
final class Urls {
    private Urls() {}

    /** The line that says that a gateway is ready, and where. */
    static String ready(GatewayConfig config, Gateway gateway) {
        return "Headgate is ready: devices at " + base(config.http().host(), gateway.httpPort()) + ", operators at "
                + base(config.management().host(), gateway.managementPort());
    }

    static String insert(GatewayConfig config, Gateway gateway, TableName table) {
        return base(config.http().host(), gateway.httpPort()) + "/zerobus/v1/tables/" + table + "/insert";
    }

    static String token(GatewayConfig config, Gateway gateway) {
        return base(config.http().host(), gateway.httpPort()) + "/oidc/v1/token";
    }

    /** Addresses that mean every interface are called at this machine's own. */
    static String base(String host, int port) {
        String called = switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
        return "http://" + (called.contains(":") ? "[" + called + "]" : called) + ":" + port;
    }
}
