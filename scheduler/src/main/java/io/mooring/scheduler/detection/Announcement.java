package io.mooring.scheduler.detection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a master writes below the path: MasterInfo as JSON, in the node {@code json.info_} with its sequence. The lowest
 * sequence leads.
 */
final class Announcement {
    private static final Pattern NAME = Pattern.compile("json\\.info_([0-9]{10,18})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Announcement() {}

    /** The sequence in a node's name; empty if the node is something else's, such as the replicated log's. */
    static OptionalLong sequence(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** The addresses of the master, by name first, then by number in case nobody knows the name. */
    static List<URI> addresses(byte[] announcement, Masters.Scheme scheme) throws IOException {
        JsonNode master = JSON.readTree(announcement);
        JsonNode address = master.path("address");
        int port = address.path("port").asInt(master.path("port").asInt());
        String hostname =
                address.path("hostname").asText(master.path("hostname").asText());
        String ip = address.path("ip").asText(legacyIp(master.path("ip")));
        List<URI> addresses = new ArrayList<>();
        for (String host : List.of(hostname, ip)) {
            if (!host.isEmpty() && port > 0 && port < 65_536) {
                URI one = uri(host, port, scheme);
                if (!addresses.contains(one)) {
                    addresses.add(one);
                }
            }
        }
        if (addresses.isEmpty()) {
            throw new IOException("a master announces itself without an address");
        }
        return addresses;
    }

    /** An integer whose lowest byte is the address' first. */
    private static String legacyIp(JsonNode ip) {
        if (!ip.isNumber()) {
            return "";
        }
        long bytes = ip.asLong();
        return (bytes & 0xff) + "." + (bytes >> 8 & 0xff) + "." + (bytes >> 16 & 0xff) + "." + (bytes >> 24 & 0xff);
    }

    private static URI uri(String host, int port, Masters.Scheme scheme) throws IOException {
        String literal = host.contains(":") ? "[" + host + "]" : host;
        try {
            return URI.create(scheme.name().toLowerCase(Locale.ROOT) + "://" + literal + ":" + port);
        } catch (IllegalArgumentException e) {
            throw new IOException("a master announces itself at '" + host + "', which is no host", e);
        }
    }
}
