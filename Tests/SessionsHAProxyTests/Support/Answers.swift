import SessionTesting

@testable import SessionsHAProxy

/// Answers as HAProxy 2.6.12 gave them.
enum Answers {
    static let tables = """
        # table: v6, type: ipv6, size:100, used:0
        # table: other, type: ip, size:1024, used:1
        # table: bin, type: binary, size:100, used:2
        # table: shop, type: string, size:1024, used:3


        """
    static let table = """
        # table: shop, type: string, size:1024, used:3
        0x55bdaa86cab8: key=a\\ b use=0 exp=1799832 server_id=3 gpt0=0 gpc0=0 conn_cur=0 http_req_cnt=1 \
        http_req_rate(10000)=1 bytes_out_rate(60000)=103 server_key=web-03
        0x55bdaa86d098: key=a\\\\b\\=\\xC3\\xA9\\t\\e use=2 exp=1799909 server_id=1 gpt0=0 gpc0=0 conn_cur=1 \
        http_req_cnt=7 http_req_rate(10000)=4 bytes_out_rate(60000)=9 server_key=web-01
        0x7f4d3004c5d8: key=%20x use=0 exp=17 server_id=0 gpt0=0 gpc0=0 conn_cur=0 http_req_cnt=1 \
        http_req_rate(10000)=1 bytes_out_rate(60000)=103 server_key=-


        """
    static let binary = """
        # table: bin, type: binary, size:100, used:2
        0x7f787804c410: key=39A012772DD5C3ACCBC56923093422896D41AC882E3CD66914BC584C7AAC966F use=0 exp=599860 \
        server_id=1 server_key=b1
        0x7f787804bf50: key=0a use=0 exp=0 server_id=1 server_key=b1


        """
    static let counting = """
        # table: other, type: ip, size:1024, used:1
        0x7f787804b3d8: key=127.0.0.1 use=0 exp=599988 http_req_rate(10000)=0


        """
    static let servers = """
        1
        # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight \
        srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state \
        bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr \
        srv_agent_addr srv_agent_port
        3 shop 1 web-01 127.0.0.1 2 8 20 1 12 1 0 2 0 0 0 0 - 21081 - 0 0 - - 0
        3 shop 2 web-02 ::1 0 1 1 1 0 1 0 0 0 0 0 0 - 21082 - 0 0 - - 0
        3 shop 3 web-03 - 2 0 50 50 28 1 0 2 0 0 0 0 web-03.example 21083 - 0 0 - - 0


        """
    static let statistics = """
        # pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,\
        act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,\
        rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,\
        last_chk,ttime,
        web,FRONTEND,,,1,1,500,15,1426,1545,0,0,0,,,,,OPEN,,,,,,,,,1,2,0,,,,0,0,0,7,,,,0,15,0,0,0,0,,,
        shop,web-01,1,2,3,4,,50,0,0,,0,,5,6,0,0,UP 1/3,20,1,0,8,,0,,,1,3,1,,0,,2,9,,10,L7OK,200,1,0,43,0,0,7,0,\
        "Layer7 ""check"", passed",12,
        shop,BACKEND,0,0,0,1,999,15,1426,1545,0,0,,0,0,0,0,UP,50,1,0,,0,28,0,,1,3,0,,15,,1,5,,10,,,,0,15,0,0,0,0,,1,


        """
    static let information = """
        Name: HAProxy
        Version: 2.6.12-1+deb12u4
        Pid: 8031
        Uptime: 0d 0h00m04s
        Uptime_sec: 4
        node: vm: two
        Stopping: 0
        Unstoppable Jobs: 0
        description:


        """
    static let peers = """
        0x55bdaa666b20: [25/Nov/2026:12:52:37] id=local disabled=0 flags=0x11 resync_timeout=3s task_calls=21
          0x55bdaa666c90: id=me(local,inactive) addr=127.0.0.1:21999 last_status=NONE last_hdshk=<NEVER>
                reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
                flags=0x0
                shared tables:
                  0x55bdaa7a71f0 local_id=1 remote_id=0 flags=0x0 remote_data=0x0
                      last_acked=0 last_pushed=0 last_get=0 teaching_origin=0 update=0
                      table:0x55bdaa66e4b0 id=shop update=59 localupdate=59 commitupdate=0 refcnt=1
                Dictionary cache not dumped (use "show peers dict")
          0x55bdaa666d90: id=other(remote,active) addr=192.0.2.1:21999 last_status=ESTA last_hdshk=2s


        """
    static let sockets = """
        # socket lvl processes
        unix@/run/haproxy/admin.sock admin all
        ipv4@127.0.0.1:21990 admin all
        ipv4@0.0.0.0:21991 operator all


        """

    /// Each with what reads it: the answer as text, so that all can be compared alike.
    static let all: [(name: String, bytes: [UInt8], read: @Sendable ([UInt8]) throws -> String)] = [
        example("tables", tables) { TableListReader() },
        example("table", table) { TableReader(wantsCounting: true) },
        example("binary", binary) { TableReader(wantsCounting: true) },
        example("counting", counting) { TableReader(wantsCounting: true) },
        example("entry", counting) { EntryReader() },
        example("servers", servers) { ServerState.reader() },
        example("statistics", statistics) { ServerFigures.reader() },
        example("information", information) { ProcessReader() },
        example("peers", peers) { PeerReader() },
        example("sockets", sockets) { RuntimeSocket.reader() },
        example("words", "Entry currently in use, cannot remove.\n\n") { WordsReader() },
    ]

    private static func example<Reader: AnswerReader>(
        _ name: String, _ text: String, _ make: @escaping @Sendable () -> Reader
    ) -> (name: String, bytes: [UInt8], read: @Sendable ([UInt8]) throws -> String) {
        (name, Array(text.utf8), { String(describing: try Reader.read($0, with: make())) })
    }
}
