package io.mooring.plugin.platform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mooring.plugin.process.CommandException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A double of vboxwebsrv, written after its service description: the SOAP 1.1 envelopes with {@code SOAP-ENV} and {@code
 * vbox} prefixes, references of the form {@code <session>-<number>} that end with their session, faults as gSOAP sends them
 * with HTTP 500, and parameters in the order of the description. Behind it are files for disks.
 */
final class VirtualBoxDouble implements AutoCloseable {
    static final String MACHINE = "6a1b7a5c-37b4-4f0a-9f0d-a2b7d3ce1f11";
    static final String OTHER = "0d0d0d0d-1111-2222-3333-444444444444";

    private final HttpServer server;
    private final Disks disks;
    private final Map<String, Disk> media = new LinkedHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Object> references = new TreeMap<>();
    private int sessions;
    private int ids;
    private String locked = "";
    private String failure = "";

    private static final class Disk {
        private final String id;
        private final String location;
        private long size;
        private String machine = "";
        private int port;

        private Disk(String id, String location) {
            this.id = id;
            this.location = location;
        }

        private String name() {
            return location.substring(location.lastIndexOf('/') + 1);
        }
    }

    private static final class FaultException extends Exception {
        private static final long serialVersionUID = 1L;

        private FaultException(String message) {
            super(message);
        }
    }

    VirtualBoxDouble(Disks disks) throws IOException {
        this.disks = disks;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The methods that were called, in order, each with its parameters' names. */
    List<String> calls() {
        return calls;
    }

    /** Sessions that were not logged off. */
    synchronized int openSessions() {
        return (int) references.values().stream().filter("box"::equals).count();
    }

    synchronized void failNextProgress(String words) {
        failure = words;
    }

    /** As another virtual machine has it. */
    synchronized void attachElsewhere(String name) {
        disk(name).machine = OTHER;
    }

    synchronized void freeElsewhere(String name) {
        disk(name).machine = "";
    }

    synchronized boolean has(String name) {
        return media.values().stream().anyMatch(disk -> disk.name().equals(name + ".vmdk"));
    }

    private Disk disk(String name) {
        return media.values().stream()
                .filter(disk -> disk.name().equals(name + ".vmdk"))
                .findFirst()
                .orElseThrow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        int status = 200;
        String content;
        try {
            Element call = call(exchange.getRequestBody().readAllBytes());
            content = "<vbox:" + call.getLocalName() + "Response>" + answer(call) + "</vbox:" + call.getLocalName()
                    + "Response>";
        } catch (FaultException | SAXException | ParserConfigurationException | CommandException e) {
            status = 500;
            content = "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode><faultstring>" + e.getMessage()
                    + "</faultstring><detail><vbox:RuntimeFault><resultCode>-2135228409</resultCode></vbox:RuntimeFault>"
                    + "</detail></SOAP-ENV:Fault>";
        }
        byte[] bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope"
                        + " xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\""
                        + " xmlns:vbox=\"http://www.virtualbox.org/\"><SOAP-ENV:Body>" + content
                        + "</SOAP-ENV:Body></SOAP-ENV:Envelope>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Element call(byte[] envelope) throws SAXException, IOException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Element body = (Element) factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(envelope))
                .getElementsByTagNameNS("http://schemas.xmlsoap.org/soap/envelope/", "Body")
                .item(0);
        for (Node node = body.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                if (!"http://www.virtualbox.org/".equals(element.getNamespaceURI())) {
                    throw new SAXException("method not implemented");
                }
                return element;
            }
        }
        throw new SAXException("no method");
    }

    private static Map<String, String> parameters(Element call) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Node node = call.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                parameters.put(element.getLocalName(), element.getTextContent());
            }
        }
        return parameters;
    }

    private synchronized String answer(Element call) throws FaultException, IOException, CommandException {
        Map<String, String> in = parameters(call);
        String method = call.getLocalName();
        calls.add(method + " " + in.keySet());
        return switch (method) {
            case "IWebsessionManager_logon" -> result(logon(in));
            case "IWebsessionManager_logoff" -> logoff(in.get("refIVirtualBox"));
            case "IWebsessionManager_getSessionObject" -> result(reference(in.get("refIVirtualBox"), "session"));
            case "IVirtualBox_findMachine" -> result(findMachine(in));
            case "IMachine_getId" -> result(found(in, String.class).substring("machine ".length()));
            case "IVirtualBox_getHardDisks" -> results(hardDisks(in.get("_this")));
            case "IVirtualBox_createMedium" -> result(createMedium(in));
            case "IMedium_getId" -> result(found(in, Disk.class).id);
            case "IMedium_getName" -> result(found(in, Disk.class).name());
            case "IMedium_getLogicalSize" -> result(Long.toString(found(in, Disk.class).size));
            case "IMedium_getMachineIds" ->
                found(in, Disk.class).machine.isEmpty() ? "" : result(found(in, Disk.class).machine);
            case "IMedium_createBaseStorage" -> result(createStorage(in));
            case "IMedium_deleteStorage" -> result(deleteStorage(in));
            case "IProgress_waitForCompletion" -> "";
            case "IProgress_getResultCode" -> result(failure.isEmpty() ? "0" : "-2135228409");
            case "IProgress_getErrorInfo" -> result(reference(in.get("_this"), "error"));
            case "IVirtualBoxErrorInfo_getText" -> errorText();
            case "IMachine_lockMachine" -> lock();
            case "ISession_getMachine" -> result(reference(in.get("_this"), "machine " + MACHINE));
            case "ISession_unlockMachine" -> unlock();
            case "IMachine_getStorageControllerByName" -> result(controller(in));
            case "IStorageController_getPortCount" -> result("3");
            case "IMachine_getMediumAttachmentsOfController" -> attachments(in.get("_this"));
            case "IMachine_attachDevice" -> attach(in);
            case "IMachine_detachDevice" -> detach(in);
            case "IMachine_saveSettings" -> "";
            default ->
                throw new FaultException(
                        "Method '" + method + "' not implemented: method name or namespace not" + " recognized");
        };
    }

    private static String result(String value) {
        return "<returnval>" + value + "</returnval>";
    }

    private static String results(List<String> values) {
        return String.join("", values.stream().map(VirtualBoxDouble::result).toList());
    }

    private String logon(Map<String, String> in) throws FaultException {
        if (!in.equals(Map.of("username", "vbox", "password", "s<cret&"))) {
            throw new FaultException("VirtualBox error: rc=0x80004005 (authentication failed)");
        }
        String session = Integer.toHexString(0x9c0f + sessions++);
        references.put(session + "-0000000000000001", "box");
        return session + "-0000000000000001";
    }

    private String logoff(String box) {
        String session = box.split("-")[0];
        references.keySet().removeIf(reference -> reference.startsWith(session + "-"));
        return "";
    }

    /** A new reference of the session that another one belongs to. */
    private String reference(String near, Object object) throws FaultException {
        if (!references.containsKey(near)) {
            throw new FaultException("VirtualBox error: Invalid managed object reference &quot;" + near + "&quot;");
        }
        String reference = near.split("-")[0] + "-" + String.format("%016x", references.size() + 1);
        references.put(reference, object);
        return reference;
    }

    private <T> T found(Map<String, String> in, Class<T> type) throws FaultException {
        Object object = references.get(in.get("_this"));
        if (!type.isInstance(object)) {
            throw new FaultException(
                    "VirtualBox error: Invalid managed object reference &quot;" + in.get("_this") + "&quot;");
        }
        return type.cast(object);
    }

    private String findMachine(Map<String, String> in) throws FaultException {
        if (!List.of("node-1", MACHINE).contains(in.get("nameOrId"))) {
            throw new FaultException("Could not find a registered machine named '" + in.get("nameOrId") + "'");
        }
        return reference(in.get("_this"), "machine " + MACHINE);
    }

    private List<String> hardDisks(String box) throws FaultException {
        List<String> found = new ArrayList<>();
        for (Disk disk : media.values()) {
            found.add(reference(box, disk));
        }
        return found;
    }

    private String createMedium(Map<String, String> in) throws FaultException {
        requireOrder(in, "_this", "format", "location", "accessMode", "aDeviceTypeType");
        String id = String.format("%08x-aaaa-bbbb-cccc-%012x", 0x5eed0000 + ids, ids++);
        Disk disk = new Disk(id, in.get("location"));
        media.put(id, disk);
        return reference(in.get("_this"), disk);
    }

    private String createStorage(Map<String, String> in) throws FaultException, IOException {
        requireOrder(in, "_this", "logicalSize", "variant");
        Disk disk = found(in, Disk.class);
        if (failure.isEmpty()) {
            disk.size = Long.parseLong(in.get("logicalSize"));
            disks.make(disk.id, disk.size);
        } else {
            media.remove(disk.id);
        }
        return reference(in.get("_this"), "progress");
    }

    private String deleteStorage(Map<String, String> in) throws FaultException {
        Disk disk = found(in, Disk.class);
        if (!disk.machine.isEmpty()) {
            throw new FaultException("Cannot delete storage: medium '" + disk.location + "' is attached");
        }
        media.remove(disk.id);
        return reference(in.get("_this"), "progress");
    }

    private String errorText() {
        String words = failure;
        failure = "";
        return result(words);
    }

    private String lock() throws FaultException {
        if (!locked.isEmpty()) {
            throw new FaultException("The machine 'node-1' is already locked for a session (or being unlocked)");
        }
        locked = "yes";
        return "";
    }

    private String unlock() {
        locked = "";
        return "";
    }

    private String controller(Map<String, String> in) throws FaultException {
        if (!in.get("name").equals("SATA")) {
            throw new FaultException("Could not find a storage controller named '" + in.get("name") + "'");
        }
        return reference(in.get("_this"), "controller");
    }

    /** The machine's own disk is on the first port. */
    private String attachments(String machine) throws FaultException {
        StringBuilder xml = new StringBuilder("<returnval><controller>SATA</controller><port>0</port><device>0</device>"
                + "<type>HardDisk</type></returnval>");
        for (Disk disk : media.values()) {
            if (disk.machine.equals(MACHINE)) {
                xml.append("<returnval><medium>")
                        .append(reference(machine, disk))
                        .append("</medium><controller>SATA</controller><port>")
                        .append(disk.port)
                        .append("</port><device>0</device><type>HardDisk</type></returnval>");
            }
        }
        return xml.toString();
    }

    private String attach(Map<String, String> in) throws FaultException, IOException, CommandException {
        requireOrder(in, "_this", "name", "controllerPort", "device", "type", "medium");
        requireLock();
        Disk disk = found(Map.of("_this", in.get("medium")), Disk.class);
        if (!disk.machine.isEmpty()) {
            throw new FaultException("Medium '" + disk.location + "' is already attached to another machine");
        }
        disk.machine = MACHINE;
        disk.port = Integer.parseInt(in.get("controllerPort"));
        disks.plug(disk.id, deviceName(disk));
        return "";
    }

    private String detach(Map<String, String> in) throws FaultException, IOException, CommandException {
        requireOrder(in, "_this", "name", "controllerPort", "device");
        requireLock();
        for (Disk disk : media.values()) {
            if (disk.machine.equals(MACHINE) && disk.port == Integer.parseInt(in.get("controllerPort"))) {
                disk.machine = "";
                disks.unplug(disk.id, deviceName(disk));
                return "";
            }
        }
        throw new FaultException("No storage device attached to device slot 0 on port " + in.get("controllerPort"));
    }

    private void requireLock() throws FaultException {
        if (locked.isEmpty()) {
            throw new FaultException("The machine is not mutable (state is Running)");
        }
    }

    private static void requireOrder(Map<String, String> in, String... names) throws FaultException {
        if (!List.copyOf(in.keySet()).equals(List.of(names))) {
            throw new FaultException("Validation constraint violation: " + in.keySet());
        }
    }

    private static String deviceName(Disk disk) {
        return "ata-VBOX_HARDDISK_VB" + disk.id.split("-")[0] + "-" + disk.id.substring(disk.id.length() - 8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
