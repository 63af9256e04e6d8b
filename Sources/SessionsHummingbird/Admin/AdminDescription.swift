internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Sessions

/// The description of the API as OpenAPI 3.1 has it, made from the routes themselves.
enum AdminDescription {
    static var json: JSONValue {
        let paths = AdminAPI.routes.reduce(into: [(path: String, routes: [AdminRoute])]()) { paths, route in
            if let place = paths.firstIndex(where: { $0.path == route.path }) {
                paths[place].routes.append(route)
            } else {
                paths.append((route.path, [route]))
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "sessiontop node", "version": "1",
                "description": "The sessions of a service's node: looking changes nothing, orders are audited.",
            ],
            "security": [["bearer": []], ["certificate": []], [:]],
            "paths": .object(
                paths.map { path, routes in
                    .init(path, .object(routes.map { .init($0.method.rawValue.lowercased(), operation($0)) }))
                }),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"], "certificate": ["type": "mutualTLS"],
                ],
                "schemas": ["Error": error],
            ],
        ]
    }

    private static func operation(_ route: AdminRoute) -> JSONValue {
        var members: [JSONValue.Member] = [.init("summary", .string(route.summary))]
        if !route.parameters.isEmpty {
            members.append(.init("parameters", .array(route.parameters.map(parameter))))
        }
        if !route.body.isEmpty {
            members.append(
                .init("requestBody", ["required": .bool(true), "content": json(object(route.body))]))
        }
        members.append(
            .init(
                "responses",
                [
                    "200": ["description": "It is done, or here it is", "content": json(["type": "object"])],
                    "default": [
                        "description": "It isn't, and why", "content": json(["$ref": "#/components/schemas/Error"]),
                    ],
                ]))
        return .object(members)
    }

    private static func json(_ schema: JSONValue) -> JSONValue { ["application/json": ["schema": schema]] }

    private static func parameter(_ parameter: AdminRoute.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place),
            "required": .bool(parameter.place == "path"), "description": .string(parameter.meaning),
            "schema": ["type": "string"],
        ]
    }

    private static func object(_ members: [(name: String, meaning: String)]) -> JSONValue {
        [
            "type": "object",
            "properties": .object(members.map { .init($0.name, ["description": .string($0.meaning)]) }),
        ]
    }

    private static let error: JSONValue = [
        "type": "object", "required": ["error"],
        "properties": [
            "error": [
                "type": "object", "required": ["code", "message"],
                "properties": ["code": ["type": "string"], "message": ["type": "string"]],
            ]
        ],
    ]
}
