// Command supervisor is the first process of an embedded cluster: PID 1 of its own network, mount and PID namespaces.
//
// `supervisor start DIRECTORY TARGET` takes the cluster's lock, opens a loopback port and the control socket on the
// host, and leaves one process behind inside new namespaces. That process runs the cluster's programs on request,
// reaps them, and relays the loopback port to TARGET inside. When it ends, however it ends, the kernel ends every
// process, mount and interface of the cluster with it.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	exitUsage  = 2
	exitLocked = 3
)

// Files handed over to the process inside the namespaces, in the order of exec.Cmd.ExtraFiles.
const (
	lockFile = iota + 3
	relayFile
	controlFile
)

func main() {
	switch {
	case len(os.Args) == 4 && os.Args[1] == "start":
		os.Exit(start(os.Args[2], os.Args[3]))
	case len(os.Args) == 4 && os.Args[1] == "inside":
		if err := inside(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, "supervisor:", err)
			os.Exit(1)
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: supervisor start DIRECTORY HOST:PORT")
		os.Exit(exitUsage)
	}
}

// start runs on the host. It prints the loopback port.
func start(directory, target string) int {
	lock, err := os.OpenFile(filepath.Join(directory, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fail(err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		fmt.Fprintln(os.Stderr, "supervisor: another one holds", lock.Name())
		return exitLocked
	}
	awaitPredecessor(lock)
	relay, err := listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fail(err)
	}
	control := filepath.Join(directory, "control.sock")
	if err := os.Remove(control); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fail(err)
	}
	commands, err := listen("unix", control)
	if err != nil {
		return fail(err)
	}
	log, err := os.Create(filepath.Join(directory, "supervisor.log"))
	if err != nil {
		return fail(err)
	}
	command := exec.Command("/proc/self/exe", "inside", directory, target)
	command.Stdout, command.Stderr = log, log
	command.ExtraFiles = []*os.File{lock, relay.file, commands.file}
	command.SysProcAttr = &syscall.SysProcAttr{
		Setsid:     true,
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID,
	}
	if err := command.Start(); err != nil {
		return fail(fmt.Errorf("new namespaces: %w", err))
	}
	pid := command.Process.Pid
	if err := lock.Truncate(0); err != nil {
		return fail(err)
	}
	if _, err := lock.WriteAt([]byte(fmt.Sprintf("%d %s\n", pid, startTime(pid))), 0); err != nil {
		return fail(err)
	}
	fmt.Println(relay.port)
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "supervisor:", err)
	return 1
}

type listener struct {
	file *os.File
	port int
}

func listen(network, address string) (listener, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return listener{}, err
	}
	switch l := l.(type) {
	case *net.TCPListener:
		file, err := l.File()
		return listener{file, l.Addr().(*net.TCPAddr).Port}, err
	case *net.UnixListener:
		l.SetUnlinkOnClose(false)
		file, err := l.File()
		return listener{file, 0}, err
	}
	return listener{}, fmt.Errorf("no file behind %T", l)
}

// awaitPredecessor waits until the previous holder is gone. A dying PID 1 closes its files, and so frees the lock,
// before the kernel has ended the other processes of its namespace; its entry in /proc goes last.
func awaitPredecessor(lock *os.File) {
	content := make([]byte, 64)
	n, _ := lock.ReadAt(content, 0)
	pid, started, ok := strings.Cut(strings.TrimSpace(string(content[:n])), " ")
	if !ok {
		return
	}
	id, err := strconv.Atoi(pid)
	if err != nil {
		return
	}
	for range 500 {
		if startTime(id) != started {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// startTime is field 22 of /proc/PID/stat, or "" when there is no such process or only its unreaped rest.
func startTime(pid int) string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}
