package io.mooring.plugin.backend.virtualbox;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Calls of VirtualBox's web service ({@code vboxwebsrv}): SOAP 1.1 over POST, document style, in the namespace {@code
 * http://www.virtualbox.org/}. A method is named {@code IInterface_method}, objects are text references that live as long as
 * the session, and what a method returns are the {@code returnval} elements of its response.
 */
final class WebService {
    private static final String NAMESPACE = "http://www.virtualbox.org/";
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final int MOST_BYTES = 8 << 20;

    private final URI endpoint;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    WebService(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** What a fault of the service says. */
    static final class FaultException extends VolumeException {
        private static final long serialVersionUID = 1L;

        FaultException(String message) {
            super(message);
        }
    }

    /** Calls a method; its results as elements. The order of the parameters is part of the service's description. */
    List<Element> call(String method, Map<String, String> parameters) throws VolumeException {
        Element body = body(method, send(method, envelope(method, parameters)));
        List<Element> results = new ArrayList<>();
        for (Node node = body.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getLocalName().equals("returnval")) {
                results.add(element);
            }
        }
        return results;
    }

    /** Calls a method on an object that gives one text. */
    String text(String method, String object) throws VolumeException {
        return text(method, Map.of("_this", object));
    }

    String text(String method, Map<String, String> parameters) throws VolumeException {
        List<Element> results = call(method, parameters);
        if (results.isEmpty()) {
            throw new VolumeException("VirtualBox answered " + method + " without a result");
        }
        return results.get(0).getTextContent().strip();
    }

    List<String> texts(String method, String object) throws VolumeException {
        return call(method, Map.of("_this", object)).stream()
                .map(result -> result.getTextContent().strip())
                .toList();
    }

    /** Parameters in this order. */
    static Map<String, String> of(String... keysAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            parameters.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return parameters;
    }

    private static String envelope(String method, Map<String, String> parameters) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                        + "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><vbox:")
                .append(method)
                .append(" xmlns:vbox=\"")
                .append(NAMESPACE)
                .append("\">");
        parameters.forEach((name, value) -> xml.append('<')
                .append(name)
                .append('>')
                .append(escaped(value))
                .append("</")
                .append(name)
                .append('>'));
        return xml.append("</vbox:")
                .append(method)
                .append("></soap:Body></soap:Envelope>")
                .toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private String send(String method, String envelope) throws VolumeException {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(DEADLINE)
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("SOAPAction", "\"\"")
                .POST(HttpRequest.BodyPublishers.ofString(envelope))
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream stream = response.body()) {
                return new String(stream.readNBytes(MOST_BYTES), java.nio.charset.StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new VolumeException("VirtualBox at " + endpoint + " did not answer " + method + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
    }

    /** The response element, or the words of a fault. */
    private Element body(String method, String answer) throws VolumeException {
        Document document = parse(method, answer);
        Element fault = first(document, "http://schemas.xmlsoap.org/soap/envelope/", "Fault");
        if (fault != null) {
            Node words = fault.getElementsByTagNameNS("*", "faultstring").item(0);
            throw new FaultException("VirtualBox refused " + method + ": "
                    + (words == null ? fault.getTextContent() : words.getTextContent()).strip());
        }
        Element response = first(document, NAMESPACE, method + "Response");
        if (response == null) {
            throw new VolumeException("what answers at " + endpoint + " is no VirtualBox web service");
        }
        return response;
    }

    private static Element first(Document document, String namespace, String name) {
        return (Element) document.getElementsByTagNameNS(namespace, name).item(0);
    }

    private Document parse(String method, String answer) throws VolumeException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(answer)));
        } catch (SAXException | IOException e) {
            throw new VolumeException(
                    "VirtualBox at " + endpoint + " answered " + method + " with what is no XML: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java has no XML parser", e);
        }
    }
}
