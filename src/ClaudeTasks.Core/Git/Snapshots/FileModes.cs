using System.Security.AccessControl;
using System.Security.Principal;

namespace ClaudeTasks.Git;

/// <summary>
/// Who may read and write files that git is about to write: git makes them anew, with the rights of any new file, and a file that only its
/// owner could read must not be everybody's afterwards. What git itself records, whether a file can be executed, is git's.
/// </summary>
internal sealed class FileModes
{
    private const UnixFileMode Execution = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly List<(string Path, UnixFileMode Mode)> _modes = [];
    private readonly List<(string Path, byte[] Rights)> _rights = [];

    private FileModes()
    {
    }

    /// <summary>Remembers the rights of the files that are there; links are not followed.</summary>
    public static FileModes Read(IEnumerable<string> paths)
    {
        var modes = new FileModes();
        foreach (var file in paths.Select(path => new FileInfo(path)).Where(file => file is { Exists: true, LinkTarget: null }))
        {
            if (!OperatingSystem.IsWindows())
            {
                modes._modes.Add((file.FullName, file.UnixFileMode));
            }
            else if (file.GetAccessControl(AccessControlSections.Access) is var rights
                && rights.GetAccessRules(true, false, typeof(SecurityIdentifier)).Count > 0)
            {
                modes._rights.Add((file.FullName, rights.GetSecurityDescriptorBinaryForm()));
            }
        }

        return modes;
    }

    /// <summary>Gives the files that are there the rights they had.</summary>
    public void Restore()
    {
        foreach (var (path, mode) in _modes)
        {
            if (!OperatingSystem.IsWindows() && new FileInfo(path) is { Exists: true, LinkTarget: null } file)
            {
                // A user who cannot read the file must not be able to execute it.
                var readers = (UnixFileMode)((int)(mode & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead)) >> 2);
                file.UnixFileMode = (mode & ~Execution) | (file.UnixFileMode & Execution & readers);
            }
        }

        foreach (var (path, rights) in _rights)
        {
            if (OperatingSystem.IsWindows() && new FileInfo(path) is { Exists: true, LinkTarget: null } file)
            {
                var security = new FileSecurity();
                security.SetSecurityDescriptorBinaryForm(rights, AccessControlSections.Access);
                file.SetAccessControl(security);
            }
        }
    }
}
